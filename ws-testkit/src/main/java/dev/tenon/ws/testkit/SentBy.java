package dev.tenon.ws.testkit;

import dev.tenon.ws.frame.Role;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets the sender of a generated {@link FrameSequence}, {@link BrokenFrame} or {@link BrokenSequence}; without it, both
 * ends occur. It is an error on other types of this package's arbitraries.
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
