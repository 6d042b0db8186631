package dev.tenon.ws.suite;

import dev.tenon.ws.suite.WireFrame.Length;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A rule that Tenon seems to ignore, because a {@link FaultyProxy} changes the bytes: inbound, so that Tenon does not
 * receive what it would refuse, or outbound. Each constant names a case that has to fail, and a part of the reason.
 */
@SuppressWarnings("ImmutableEnumChecker") // lists of List.of, and functions without state
enum Fault {
    ACCEPTS_RSV("3.1.4", "received: text message", in(FrameTransformer.each(frame -> frame.rsv(0)))),
    ACCEPTS_RSV_ON_CONTROL("3.3.4", "received: pong", in(FrameTransformer.each(frame -> frame.rsv(0)))),
    ACCEPTS_RESERVED_OPCODES(
            "4.3.1",
            "received: binary message",
            in(FrameTransformer.each(frame -> isReserved(frame) ? frame.opcode(2) : frame))),
    ACCEPTS_RESERVED_CONTROL(
            "4.11.2",
            "received: pong",
            in(FrameTransformer.each(frame -> isReserved(frame) ? frame.opcode(10) : frame))),
    ACCEPTS_FRAGMENTED_CONTROL(
            "5.3.1",
            "received: pong",
            in(FrameTransformer.each(frame -> frame.opcode() >= 8 ? frame.isFinal() : frame))),
    ACCEPTS_LONG_CONTROL("2.5", "received: pong", in(FrameTransformer.each(Fault::shortControl))),
    ACCEPTS_LONG_CLOSE("7.3.6", "closes as if all were well", in(FrameTransformer.each(Fault::shortControl))),
    ACCEPTS_WRONG_MASKS("15.1.1", "received: text message", in(FrameTransformer.each(frame -> frame.masked(false)))),
    ACCEPTS_LONG_LENGTHS(
            "16.1.2", "received: text message", in(FrameTransformer.each(frame -> frame.length(Length.MINIMAL)))),
    WAITS_FOR_WHOLE_FRAMES("6.9.1", "comes late", in(FrameTransformer.each(frame -> frame))),
    CHECKS_UTF8_AT_THE_END("6.8.1", "comes late", in(FrameTransformer.wholeMessages())),
    CHECKS_NO_UTF8("6.6.1", "received: text message", in(FrameTransformer.each(Fault::validText))),
    CHECKS_NO_UTF8_IN_REASONS("7.4.1", "closes as if all were well", in(FrameTransformer.each(Fault::validReason))),
    ACCEPTS_HALF_A_CODE(
            "7.3.2",
            "closes as if all were well",
            in(FrameTransformer.each(frame -> frame.payload().length == 1 ? close(frame, 1000) : frame))),
    ACCEPTS_CODE_1005("7.9.9", "closes as if all were well", in(FrameTransformer.each(frame -> close(frame, 1000)))),
    ACCEPTS_CODE_999("7.9.5", "closes as if all were well", in(FrameTransformer.each(frame -> close(frame, 1000)))),
    ACCEPTS_CODE_1016("7.9.15", "closes as if all were well", in(FrameTransformer.each(frame -> close(frame, 1000)))),
    ECHOES_ANOTHER_CODE(
            "7.7.10", "the response is Close 1000", out(FrameTransformer.each(frame -> close(frame, 1000)))),
    ECHOES_A_CODE_THAT_MUST_NOT_TRAVEL(
            "7.7.1", "1005, which must not travel", out(FrameTransformer.each(frame -> close(frame, 1005)))),
    FAILS_WITH_ANOTHER_CODE("3.1.4", "fails with Close 1008", out(FrameTransformer.each(frame -> close(frame, 1008)))),
    ANSWERS_NO_PING("2.1", "nothing within", out(FrameTransformer.dropping(Opcodes.PONG))),
    ANSWERS_WITH_ANOTHER_PAYLOAD(
            "2.2",
            "a pong with another payload",
            out(FrameTransformer.each(
                    frame -> frame.opcode() == Opcodes.PONG ? frame.payload(Octets.utf8("other")) : frame))),
    ANSWERS_PINGS_AFTER_THE_MESSAGE("5.2.1", "nothing within", in(FrameTransformer.controlAfterMessages())),
    ANSWERS_PONGS(
            "2.9",
            "a pong with another payload",
            in(FrameTransformer.each(frame -> frame.opcode() == Opcodes.PONG ? frame.opcode(9) : frame))),
    ACCEPTS_LONE_CONTINUATIONS("5.4.1", "received: text message", in(FrameTransformer.loneContinuations())),
    ACCEPTS_MESSAGES_WITHIN_MESSAGES("5.5.1", "received: text message", in(FrameTransformer.messagesWithinMessages())),
    SENDS_NO_CLOSE("7.1.1", "without a Close frame", out(FrameTransformer.dropping(Opcodes.CLOSE))),
    SENDS_AFTER_CLOSE("7.1.1", "a frame after the Close frame", out(FrameTransformer.afterClose())),
    DROPS_EMPTY_MESSAGES("6.1.1", "nothing within", out(FrameTransformer.droppingEmpty())),
    MASKS_WRONGLY("1.1.2", "masked frame", out(FrameTransformer.each(WireFrame::wronglyMasked))),
    SENDS_LONG_LENGTHS(
            "1.1.2", "not minimal", out(FrameTransformer.each(frame -> frame.length(Length.SIXTY_FOUR_BITS)))),
    SENDS_RSV("1.1.2", "an RSV bit", out(FrameTransformer.each(frame -> frame.rsv(1)))),
    SENDS_BINARY_FOR_TEXT(
            "1.1.2",
            "another message: binary",
            out(FrameTransformer.each(frame -> frame.opcode() == 1 ? frame.opcode(2) : frame))),
    LOSES_THE_LAST_BYTE("1.1.4", "another message: text message of 124", out(FrameTransformer.each(Fault::shorter))),
    IGNORES_WINDOW_BITS("13.17.5", "in a window of 512", out(FrameTransformer.deflating())),
    IGNORES_NO_CONTEXT_TAKEOVER("13.4.3", "does not inflate: invalid distance", out(FrameTransformer.deflating())),
    ANSWERS_WITH_ANOTHER_ACCEPT(
            "1.1.1",
            "Sec-WebSocket-Accept is",
            Side.SERVER,
            head(false, head -> head.replaceFirst("Accept: [^\r]*", "Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))),
    AGREES_ON_WHAT_WAS_NOT_OFFERED(
            "1.1.1",
            "was not offered: x-surprise",
            Side.SERVER,
            head(false, head -> RequestCases.with(head, "Sec-WebSocket-Extensions: x-surprise"))),
    ACCEPTS_ANY_KEY(
            "17.5.2",
            "the server accepts it",
            Side.SERVER,
            head(true, head -> head.replaceFirst("Key: [^\r]*", "Key: dGhlIHNhbXBsZSBub25jZQ=="))),
    ACCEPTS_ANY_VERSION(
            "17.4.3",
            "the server accepts it",
            Side.SERVER,
            head(true, head -> head.replaceFirst("Version: [^\r]*", "Version: 13"))),
    ACCEPTS_POST("17.2.1", "the server accepts it", Side.SERVER, head(true, head -> head.replaceFirst("^POST", "GET"))),
    ACCEPTS_FOLDED_HEADERS(
            "17.6.1", "the server accepts it", Side.SERVER, head(true, head -> head.replace("\r\n b", " b"))),
    MASKS_WITH_ONE_KEY(
            "15.4.1",
            "masked with one key",
            Side.CLIENT,
            new Change(FrameTransformer.NONE, FrameTransformer.NONE, head -> head, head -> head, false, true)),
    SENDS_A_SHORT_KEY(
            "1.1.1",
            "is not 16 bytes",
            Side.CLIENT,
            head(false, head -> head.replaceFirst("Key: [^\r]*", "Key: c2hvcnQ="))),
    BELIEVES_ANY_ACCEPT(
            "18.3.6",
            "the client accepts it",
            Side.CLIENT,
            new Change(FrameTransformer.NONE, FrameTransformer.NONE, head -> head, head -> head, true, false)),
    TAKES_ANY_SUBPROTOCOL(
            "18.4.1",
            "the client accepts it",
            Side.CLIENT,
            head(true, head -> RequestCases.without(head, "Sec-WebSocket-Protocol")));

    /** The changes of frames and heads, inbound (from the suite to Tenon) and outbound. */
    record Change(
            FrameTransformer in,
            FrameTransformer out,
            UnaryOperator<String> headIn,
            UnaryOperator<String> headOut,
            boolean rightAccept,
            boolean oneKey) {}

    final String id;
    final String reason;
    final List<Side> sides;
    final Change change;

    Fault(String id, String reason, Change change) {
        this.id = id;
        this.reason = reason;
        this.sides = List.of(Side.values());
        this.change = change;
    }

    Fault(String id, String reason, Side side, Change change) {
        this.id = id;
        this.reason = reason;
        this.sides = List.of(side);
        this.change = change;
    }

    static final Change NONE =
            new Change(FrameTransformer.NONE, FrameTransformer.NONE, head -> head, head -> head, false, false);

    private static Change in(FrameTransformer transformer) {
        return new Change(transformer, FrameTransformer.NONE, head -> head, head -> head, false, false);
    }

    private static Change out(FrameTransformer transformer) {
        return new Change(FrameTransformer.NONE, transformer, head -> head, head -> head, false, false);
    }

    private static Change head(boolean in, UnaryOperator<String> change) {
        return new Change(
                FrameTransformer.NONE,
                FrameTransformer.NONE,
                in ? change : head -> head,
                in ? head -> head : change,
                false,
                false);
    }

    private static boolean isReserved(WireFrame frame) {
        return (frame.opcode() & 7) > 2;
    }

    private static WireFrame shortControl(WireFrame frame) {
        return frame.opcode() >= 8 && frame.payload().length > 125
                ? frame.payload(Arrays.copyOf(frame.payload(), 125))
                : frame;
    }

    private static WireFrame shorter(WireFrame frame) {
        return frame.payload().length > 1 && frame.opcode() < 8
                ? frame.payload(Arrays.copyOf(frame.payload(), frame.payload().length - 1))
                : frame;
    }

    private static WireFrame validText(WireFrame frame) {
        return frame.opcode() == 1
                ? frame.payload(Octets.utf8(new String(frame.payload(), StandardCharsets.UTF_8)))
                : frame;
    }

    private static WireFrame validReason(WireFrame frame) {
        return frame.opcode() == Opcodes.CLOSE ? frame.payload(Arrays.copyOf(frame.payload(), 2)) : frame;
    }

    private static WireFrame close(WireFrame frame, int code) {
        return frame.opcode() == Opcodes.CLOSE ? frame.payload(WireFrame.code(code)) : frame;
    }
}
