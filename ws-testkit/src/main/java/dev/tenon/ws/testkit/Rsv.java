package dev.tenon.ws.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The RSV bits that an extension owns, as for {@link dev.tenon.ws.frame.FrameRules#withOwned}: each may be set in a
 * generated {@link dev.tenon.ws.frame.FirstByte} or {@link dev.tenon.ws.frame.Frame}, and in the first frame of each
 * message of a {@link FrameSequence}. Without this annotation no bit is set. It is an error on other types of this
 * package's arbitraries.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.ANNOTATION_TYPE, ElementType.PARAMETER, ElementType.TYPE_USE})
public @interface Rsv {
    /**
     * The bits.
     *
     * @return any union of {@link dev.tenon.ws.frame.FirstByte#RSV1}, {@code RSV2} and {@code RSV3}
     */
    int value();
}
