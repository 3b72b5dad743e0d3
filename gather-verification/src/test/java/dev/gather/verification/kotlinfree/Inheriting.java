package dev.gather.verification.kotlinfree;

/** Has what {@link Hidden} has. */
public class Inheriting extends Hidden {}
