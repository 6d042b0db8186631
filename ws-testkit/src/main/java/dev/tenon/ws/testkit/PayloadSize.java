package dev.tenon.ws.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long the payload of a generated {@link dev.tenon.ws.frame.Frame} is, or each message of a {@link FrameSequence};
 * the lengths of control frames in a sequence do not count. A frame whose type cannot be that long is not generated. On
 * any other type of this package's arbitraries it is an error, and so are bounds that leave nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface PayloadSize {
    /**
     * The shortest.
     *
     * @return bytes, 0 or more
     */
    int min() default 0;

    /**
     * The longest.
     *
     * @return bytes, as many as {@link #min()} or more
     */
    int max() default Frames.LONGEST_PAYLOAD;
}
