package dev.tenon.ws.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits the payload length of a generated {@link dev.tenon.ws.frame.Frame}, or of each message of a {@link
 * FrameSequence}, but not of control frames in a sequence. Frames of a type that cannot have such a length are not
 * generated. It is an error on other types of this package's arbitraries, and with limits that allow no value.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface PayloadSize {
    /**
     * The least length.
     *
     * @return bytes, 0 or more
     */
    int min() default 0;

    /**
     * The greatest length.
     *
     * @return bytes, {@link #min()} or more
     */
    int max() default Frames.LONGEST_PAYLOAD;
}
