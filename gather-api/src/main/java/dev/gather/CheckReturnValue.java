package dev.gather;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * To drop what this method returns, or any method of this class, loses something: failures that
 * nobody hears of, a permit that nobody gives back, a description that was never started. Checkers
 * such as Error Prone know it by its simple name.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface CheckReturnValue {}
