package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Role;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which end has sent a generated {@link FrameSequence}, {@link BrokenFrame} or {@link BrokenSequence}; either one without
 * it. On any other type of this package's arbitraries it is an error.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface SentBy {
    /**
     * The end.
     *
     * @return the sender
     */
    Role value();
}
