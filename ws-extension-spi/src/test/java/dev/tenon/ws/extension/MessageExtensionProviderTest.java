package dev.tenon.ws.extension;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageExtensionProviderTest {
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);
    private static final FirstByte BEGIN = FirstByte.of(false, Opcode.TEXT);
    private static final FirstByte CONTINUATION = FirstByte.of(false, Opcode.CONTINUATION);
    private static final FirstByte END = FirstByte.of(true, Opcode.CONTINUATION);
    private static final FirstByte PING = FirstByte.of(true, Opcode.PING);
    private static final int RSV2 = FirstByte.RSV2;

    private final List<String> seen = new ArrayList<>();
    private Runnable whenHandedOn = () -> {};

    /** Puts brackets around a message, except if it is empty or is to be sent unencoded. */
    private final class Brackets extends MessageExtensionProvider {
        private final int room;

        Brackets(int room, ExtensionOffer... offers) {
            super(RSV2, offers);
            this.room = room;
        }

        @Override
        protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
            return new MessageCodec() {
                @Override
                public @Nullable ByteBuffer encode(ByteBuffer message, SendMode mode) {
                    String text = US_ASCII.decode(message).toString();
                    boolean asItIs = text.isEmpty() || mode == SendMode.UNCOMPRESSED;
                    return asItIs ? null : US_ASCII.encode("[" + text + "]");
                }

                @Override
                public ByteBuffer decode(ByteBuffer message, long maxLength) {
                    return message.limit(message.limit() - 1).position(message.position() + 1);
                }

                @Override
                public void close() {
                    seen.add("closed");
                }
            };
        }

        @Override
        protected long maxEncodedLength(long messageLength) {
            return messageLength + room;
        }
    }

    private final MessageExtensionProvider provider = new Brackets(2, ExtensionOffer.of("x-brackets"));
    private final Extension extension = open(provider, 10);

    private static Extension open(MessageExtensionProvider provider, long maxMessageLength) {
        return provider.accept(provider.offers().get(0)).open(new ExtensionContext(Role.SERVER, maxMessageLength));
    }

    private void see(FirstByte firstByte, ByteBuffer payload, boolean end, String note) {
        seen.add(firstByte + " " + US_ASCII.decode(payload) + (end ? "" : "...") + note);
        whenHandedOn.run();
    }

    private OutboundHandler outbound(Extension opened) {
        return opened.outbound((firstByte, payload, end, mode) ->
                see(firstByte, payload, end, mode == SendMode.DEFAULT ? "" : " " + mode));
    }

    private final OutboundHandler outbound = outbound(extension);
    private final FrameHandler inbound =
            extension.inbound((firstByte, payload, end) -> see(firstByte, payload, end, ""));

    private void send(FirstByte firstByte, String payload) {
        outbound.onFrame(firstByte, US_ASCII.encode(payload), true, SendMode.DEFAULT);
    }

    private void receive(FirstByte firstByte, String payload) {
        inbound.onFrame(firstByte, US_ASCII.encode(payload), true);
    }

    private void assertFails(CloseCode code, FirstByte firstByte, String payload) {
        ProtocolException failure = assertThrows(ProtocolException.class, () -> receive(firstByte, payload));
        assertEquals(code, failure.closeCode());
    }

    @Test
    void fragmentsLeaveAsOneMessageAndControlFramesBeforeIt() {
        send(BEGIN.withRsv(1), "a");
        outbound.onFrame(CONTINUATION.withRsv(4), US_ASCII.encode("b"), false, SendMode.DEFAULT);
        outbound.onFrame(CONTINUATION.withRsv(4), US_ASCII.encode("c"), true, SendMode.DEFAULT);
        send(PING, "p");
        send(END, "d");
        assertEquals(List.of("FIN PING p", "FIN RSV1 RSV2 RSV3 TEXT [abcd]"), seen);
    }

    @Test
    void piecesArriveAsOneMessage() {
        FirstByte marked = BEGIN.withRsv(RSV2 | 1);
        inbound.onFrame(marked, US_ASCII.encode("[a"), false);
        inbound.onFrame(marked, US_ASCII.encode("b"), true);
        receive(PING, "p");
        receive(END, "c]");
        assertEquals(List.of("FIN PING p", "FIN RSV3 TEXT abc"), seen);
    }

    @Test
    void unmarkedMessagesPassUnchanged() {
        receive(BEGIN, "a");
        inbound.onFrame(END, US_ASCII.encode("b"), false);
        inbound.onFrame(END, US_ASCII.encode("c"), true);
        receive(TEXT.withRsv(RSV2), "[d]");
        assertEquals(List.of("TEXT a", "FIN CONTINUATION b...", "FIN CONTINUATION c", "FIN TEXT d"), seen);
    }

    @Test
    void theModeReachesTheCodecAndTheNextExtension() {
        outbound.onFrame(BEGIN, US_ASCII.encode("a"), true, SendMode.UNCOMPRESSED);
        outbound.onFrame(END, US_ASCII.encode("b"), true, SendMode.UNCOMPRESSED);
        send(TEXT, "");
        send(TEXT, "c");
        assertEquals(List.of("FIN TEXT ab UNCOMPRESSED", "FIN TEXT ", "FIN RSV2 TEXT [c]"), seen);
    }

    @Test
    void aMessageInsideAMessageFailsWith1002() {
        receive(BEGIN.withRsv(RSV2), "[");
        assertFails(CloseCode.PROTOCOL_ERROR, TEXT, "x");
    }

    @Test
    void theBitOnAFrameThatBeginsNoMessageFailsWith1002() {
        assertFails(CloseCode.PROTOCOL_ERROR, PING.withRsv(RSV2), "x");
        assertFails(CloseCode.PROTOCOL_ERROR, END.withRsv(RSV2), "x");
        receive(BEGIN, "x");
        assertFails(CloseCode.PROTOCOL_ERROR, TEXT.withRsv(RSV2), "x");
    }

    @Test
    void theBitOnAContinuationOfAMarkedMessageFailsWith1002() {
        receive(BEGIN.withRsv(RSV2), "[");
        assertFails(CloseCode.PROTOCOL_ERROR, END.withRsv(RSV2), "x");
    }

    @Test
    void noMoreIsHeldThanTheLongestMessageCanTakeEncoded() {
        receive(BEGIN.withRsv(RSV2), "[1234567");
        receive(CONTINUATION, "89a]");
        assertFails(CloseCode.MESSAGE_TOO_BIG, END, "x");
    }

    @Test
    void aDecodedMessageThatIsTooLongFailsWith1009() {
        Extension short10 = open(new Brackets(5, ExtensionOffer.of("x-brackets")), 10);
        var stage = short10.inbound((firstByte, payload, end) -> see(firstByte, payload, end, ""));
        stage.onFrame(TEXT.withRsv(RSV2), US_ASCII.encode("[0123456789]"), true);
        ProtocolException failure = assertThrows(
                ProtocolException.class,
                () -> stage.onFrame(TEXT.withRsv(RSV2), US_ASCII.encode("[0123456789a]"), true));
        assertEquals(CloseCode.MESSAGE_TOO_BIG, failure.closeCode());
        assertEquals(List.of("FIN TEXT 0123456789"), seen);
    }

    @Test
    void aTooSmallMaxEncodedLengthIsReported() {
        OutboundHandler stage = outbound(open(new Brackets(1, ExtensionOffer.of("x-brackets")), 10));
        IllegalStateException wrong = assertThrows(
                IllegalStateException.class, () -> stage.onFrame(TEXT, US_ASCII.encode("a"), true, SendMode.DEFAULT));
        assertEquals("x-brackets made 3 bytes of a message of 1, but its maxEncodedLength is 2", wrong.getMessage());
    }

    @Test
    void theCodecIsClosedWhenWhatItMadeIsNoLongerInUse() {
        whenHandedOn = () -> {
            extension.close();
            seen.add("still open");
        };
        receive(TEXT.withRsv(RSV2), "[a]");
        assertEquals(List.of("FIN TEXT a", "still open", "closed"), seen);
    }

    @Test
    void theOrderOfParametersMeansNothing() {
        MessageExtensionProvider two = new Brackets(
                2, ExtensionOffer.of("x", Parameter.flag("a"), Parameter.flag("b")), ExtensionOffer.of("x"));
        assertEquals(
                two.offers().get(0),
                two.accept(ExtensionOffer.of("x", Parameter.flag("b"), Parameter.flag("a")))
                        .agreed());
        assertEquals(two.offers().get(1), two.confirm(ExtensionOffer.of("x")).agreed());
        ExtensionOffer twice = ExtensionOffer.of("x", Parameter.flag("a"), Parameter.flag("a"));
        ExtensionException refusal = assertThrows(ExtensionException.class, () -> two.accept(twice));
        assertTrue(String.valueOf(refusal.getMessage()).endsWith("x; a; a"), refusal.getMessage());
    }

    @Test
    void aProviderNeedsABitAndOffersOfOneName() {
        assertThrows(IllegalArgumentException.class, () -> new Brackets(2));
        assertThrows(
                IllegalArgumentException.class, () -> new Brackets(2, ExtensionOffer.of("x"), ExtensionOffer.of("y")));
        assertThrows(IllegalArgumentException.class, () -> new MessageExtensionProvider(0, ExtensionOffer.of("x")) {
            @Override
            protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
                throw new IllegalStateException("not opened");
            }
        });
    }

    @Test
    void theExtensionOfTheReadmeTurnsLetters() {
        OutboundHandler rot13 = outbound(open(new Rot13(), 10));
        rot13.onFrame(TEXT, US_ASCII.encode("Hello, {Zz}"), true, SendMode.DEFAULT);
        assertEquals(List.of("FIN RSV2 TEXT Uryyb, {Mm}"), seen);
    }
}
