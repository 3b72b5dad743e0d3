package dev.gather.threads;

/**
 * An element of a coroutine's context that says where a thread is, and so has no meaning for code
 * that runs for the coroutine on another thread.
 */
public interface OfThread {}
