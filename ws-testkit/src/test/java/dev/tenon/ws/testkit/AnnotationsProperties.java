package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpRequest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.JqwikException;
import net.jqwik.api.Property;
import net.jqwik.api.providers.TypeUsage;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** {@link SentBy}, {@link PayloadSize} and {@link Rsv}, alone, together, and where they contradict each other. */
class AnnotationsProperties {
    @SentBy(Role.SERVER)
    @PayloadSize(min = 10, max = 20)
    @Target(ElementType.PARAMETER)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Answer {}

    @Property
    void aFrameHasTheRequestedLength(@ForAll @PayloadSize(min = 3, max = 7) Frame frame) {
        int length = frame.payload().remaining();
        assertTrue(length >= 3 && length <= 7, frame::toString);
        if (frame.firstByte().opcode() == Opcode.CLOSE) {
            assertEquals(length, ClosePayload.decode(frame.payload()).encode().remaining());
        }
    }

    @Property
    void aFrameThatMustBeLongerThanAControlFrameIsNone(@ForAll @PayloadSize(min = 126, max = 200) Frame frame) {
        assertTrue(!frame.firstByte().opcode().isControl() && frame.payload().remaining() >= 126);
    }

    @Property
    void nothingIsLeftOfAFrameWithoutRoom(@ForAll @PayloadSize(max = 0) Frame frame) {
        assertEquals(0, frame.payload().remaining());
    }

    @Property
    void aFrameOfOneByteIsNoClose(@ForAll @PayloadSize(min = 1, max = 1) Frame frame) {
        assertEquals(1, frame.payload().remaining());
        assertTrue(frame.firstByte().opcode() != Opcode.CLOSE);
    }

    @Property(tries = 200)
    @StatisticsReport(onFailureOnly = true)
    void ownedBitsAreSetOrNot(
            @ForAll @Rsv(FirstByte.RSV1 | FirstByte.RSV3) FirstByte firstByte,
            @ForAll @Rsv(FirstByte.RSV2) @PayloadSize(max = 5) Frame frame) {
        assertTrue((firstByte.rsv() | 5) == 5 && (frame.firstByte().rsv() | 2) == 2);
        Statistics.collect(firstByte.rsv());
        Statistics.coverage(seen ->
                List.of(0, 1, 4, 5).forEach(bits -> seen.check(bits).count(times -> times > 0)));
    }

    @Property(tries = 200)
    void allThreeImplementationsDecodeTheSameSequence(
            @ForAll @SentBy(Role.CLIENT) @PayloadSize(max = 9) @Rsv(FirstByte.RSV1) FrameSequence sequence) {
        assertEquals(Role.CLIENT, sequence.sender());
        FrameRules rules = FrameRules.receivedBy(Role.SERVER).withOwned(FirstByte.RSV1, Set.of());
        assertEquals(sequence.frames(), Frame.decodeAll(new FrameDecoder(rules), sequence.bytes()));
        assertTrue(sequence.messages().stream().allMatch(m -> m.payload().remaining() <= 9));
        assertTrue(sequence.frames().stream()
                .filter(frame -> frame.firstByte().opcode().isControl()
                        || frame.firstByte().opcode() == Opcode.CONTINUATION)
                .allMatch(frame -> frame.firstByte().rsv() == 0));
    }

    @Property(tries = 50)
    void theyWorkAsMetaAnnotations(@ForAll @Answer FrameSequence sequence) {
        assertEquals(Role.SERVER, sequence.sender());
        assertTrue(sequence.messages().stream()
                .allMatch(m -> m.payload().remaining() >= 10 && m.payload().remaining() <= 20));
    }

    @Property(tries = 50)
    void theyAreAllowedOnTypeArguments(@ForAll List<@SentBy(Role.SERVER) BrokenFrame> broken) {
        assertTrue(broken.stream().allMatch(each -> each.sender() == Role.SERVER));
    }

    @SuppressWarnings("unused")
    void wrong(
            @Rsv(1) CloseCode code,
            @SentBy(Role.CLIENT) Frame frame,
            @PayloadSize(max = 1) HttpRequest request,
            @PayloadSize(min = 2, max = 1) FrameSequence empty,
            @Rsv(8) FirstByte firstByte) {}

    @Example
    void contradictingAnnotationsAreAnError() throws NoSuchMethodException {
        Method wrong = Arrays.stream(getClass().getDeclaredMethods())
                .filter(method -> method.getName().equals("wrong"))
                .findFirst()
                .orElseThrow();
        List<String> annotations = Arrays.stream(wrong.getAnnotatedParameterTypes())
                .map(AnnotationsProperties::refusal)
                .toList();
        assertEquals(
                List.of(
                        "@Rsv says nothing about a CloseCode",
                        "@SentBy says nothing about a Frame",
                        "@PayloadSize says nothing about a HttpRequest",
                        "@PayloadSize from 2 to 1 leaves nothing",
                        "@Rsv takes a union of RSV1, RSV2 and RSV3, not 8"),
                annotations);
    }

    private static String refusal(AnnotatedType type) {
        TypeUsage usage = TypeUsage.forType(type.getType());
        for (var annotation : type.getAnnotations()) {
            usage = usage.withAnnotation(annotation);
        }
        TypeUsage annotated = usage;
        return String.valueOf(assertThrows(
                        JqwikException.class,
                        () -> new ProtocolArbitraryProvider().provideFor(annotated, nothing -> Set.of()))
                .getMessage());
    }
}
