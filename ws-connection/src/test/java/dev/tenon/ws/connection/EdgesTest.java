package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The results of calls at and just beyond the limits of a range. */
class EdgesTest {
    /** Passes all frames on; throws from {@code close()} if it has a message for that. */
    private record PassThroughExtension(String complaint, List<String> closed) implements NegotiatedExtension {
        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("x-passing");
        }

        @Override
        public int rsv() {
            return 0;
        }

        @Override
        public Extension open(ExtensionContext context) {
            if (complaint.equals("never")) {
                throw new IllegalStateException("cannot open");
            }
            return new Extension() {
                @Override
                public FrameHandler inbound(FrameHandler next) {
                    return (firstByte, payload, end) -> next.onFrame(firstByte, payload, end);
                }

                @Override
                public OutboundHandler outbound(OutboundHandler next) {
                    return (firstByte, payload, end, mode) -> next.onFrame(firstByte, payload, end, mode);
                }

                @Override
                public void close() {
                    closed.add(complaint);
                    if (!complaint.isEmpty()) {
                        throw new IllegalStateException(complaint);
                    }
                }
            };
        }
    }

    private static PassThroughExtension passing(String complaint) {
        return new PassThroughExtension(complaint, new ArrayList<>());
    }

    private static List<SendResult> everySend(WebSocket webSocket) {
        ByteBuffer bytes = ByteBuffer.allocate(1);
        return List.of(
                webSocket.trySend(Message.text("a")),
                webSocket.trySend(Message.text("a").uncompressed()),
                webSocket.trySend(Message.binary(bytes.duplicate())),
                webSocket.trySend(Message.binary(bytes.duplicate()).uncompressed()),
                webSocket.trySend(Message.piece(MessageType.TEXT, bytes.duplicate(), false)),
                webSocket.trySend(Message.piece(MessageType.TEXT, bytes.duplicate(), true)),
                webSocket.trySend(
                        Message.piece(MessageType.TEXT, bytes.duplicate(), true).uncompressed()),
                webSocket.trySend(PreparedMessage.text("a")),
                webSocket.sendPing(bytes.duplicate()),
                webSocket.sendPong(bytes.duplicate()));
    }

    @ParameterizedTest
    @EnumSource
    void everySendReturnsWhetherItWasAccepted(Role role) {
        for (Rig rig :
                List.of(Rig.open(role), Rig.of(role).extensions(passing("")).open())) {
            assertEquals(List.of(SendResult.QUEUED), distinct(everySend(rig.webSocket)));
            assertEquals(10, rig.wire.takeWritten().size());
            rig.webSocket.close();
            rig.wire.takeWritten();
            assertEquals(List.of(SendResult.REFUSED), distinct(everySend(rig.webSocket)));
            rig.assertSent();
        }
    }

    private static List<SendResult> distinct(List<SendResult> results) {
        return results.stream().distinct().toList();
    }

    @Test
    void theCloseEventIsThereFromTheEndOn() {
        Rig rig = Rig.open(Role.SERVER);
        assertEquals(Optional.empty(), rig.connection.closeEvent());
        rig.ends();
        assertEquals(Optional.of(rig.listener.closed()), rig.connection.closeEvent());
    }

    @ParameterizedTest
    @EnumSource
    void aWholeMessageBehindAnExtensionIsDelivered(Role role) {
        Rig rig = Rig.of(role).extensions(passing("")).open();
        rig.receive(rig.text("a"), rig.binary("01"));
        rig.assertEvents("text a", "binary 01");
    }

    @Test
    void anExtensionIsClosedAsSoonAsNothingMoreCanCome() {
        PassThroughExtension extension = passing("");
        Rig rig = Rig.of(Role.SERVER).extensions(extension).open();
        rig.connection.endOfInput();
        assertEquals(List.of(""), extension.closed);
        rig.connection.ended(null);
        assertEquals(List.of(""), extension.closed, "once");
    }

    @Test
    void ifSeveralExtensionsFailToCloseAllExceptionsAreReported() {
        Rig rig = Rig.of(Role.SERVER).extensions(passing("one"), passing("two")).open();
        rig.connection.endOfInput();
        Throwable error = rig.listener.error();
        assertTrue(error != null
                && error.getMessage() != null
                && error.getMessage().equals("one"));
        assertEquals("two", error.getSuppressed()[0].getMessage());
    }

    @Test
    void aFailureToOpenAndAFailureToCloseAreBothReported() {
        Rig.Builder builder = Rig.of(Role.SERVER).extensions(passing("one"), passing("never"));
        IllegalStateException thrown = assertThrows(IllegalStateException.class, builder::build);
        assertEquals("cannot open", thrown.getMessage());
        assertEquals("one", thrown.getSuppressed()[0].getMessage());
    }

    @Test
    void optionsTakeTheEdgesOfTheirRangesAndNothingBeyond() {
        ConnectionOptions options = ConnectionOptions.DEFAULT;
        long longest = ConnectionOptions.MAX_MESSAGE_LENGTH;
        assertEquals(0, options.withMaxMessageLength(0).maxMessageLength());
        assertEquals(longest, options.withMaxMessageLength(longest).maxMessageLength());
        assertThrows(IllegalArgumentException.class, () -> options.withMaxMessageLength(longest + 1));
        assertThrows(IllegalArgumentException.class, () -> options.withMaxMessageLength(-1));
        assertEquals(0, options.withOutbound(0, 0).outboundLimit());
        assertThrows(IllegalArgumentException.class, () -> options.withOutbound(1, 0));
        assertThrows(IllegalArgumentException.class, () -> options.withOutbound(-1, 0));
        assertEquals(Duration.ZERO, options.withDrainTimeout(Duration.ZERO).drainTimeout());
        assertThrows(IllegalArgumentException.class, () -> options.withDrainTimeout(Duration.ofNanos(-1)));
    }

    @Test
    void nothingIsDueBeforeTheFirstTickAndTheDeadlineOfACloseIsSetByTheNext() {
        Rig rig = Rig.open(Role.SERVER);
        assertEquals(Long.MAX_VALUE, rig.connection.nextDeadline());
        rig.connection.tick(1000);
        rig.webSocket.close();
        assertEquals(1000, rig.connection.nextDeadline(), "due now");
    }

    @Test
    void controlFramesComeBackAtTheirRate() {
        ConnectionOptions options = ConnectionOptions.DEFAULT.withControlFrames(2, 10);
        Rig rig = Rig.of(Role.SERVER).options(options).open();
        rig.connection.tick(0);
        rig.receive(rig.ping(""), rig.ping(""));
        rig.connection.tick(Duration.ofMillis(150).toNanos());
        rig.receive(rig.ping(""));
        assertEquals(ReadyState.OPEN, rig.webSocket.readyState(), "one and a half have come back");
        rig.wire.takeWritten();
        rig.receive(rig.ping(""));
        rig.failsWithoutEnd(1008);
    }

    @ParameterizedTest
    @EnumSource
    void aPingOfTheFullLengthIsAnsweredInAnySplit(Role role) {
        Rig rig = Rig.open(role);
        String payload = "5a".repeat(125);
        rig.receiveByteByByte(rig.ping(payload));
        rig.assertSent("FIN PONG " + payload);
    }

    @Test
    void aPingIsAnsweredAtOnceUpToTheHighWaterMark() {
        Rig rig = Rig.of(Role.SERVER)
                .options(ConnectionOptions.DEFAULT.withOutbound(100, 200))
                .open();
        rig.wire.backlog = 100;
        rig.receive(rig.ping("01"));
        rig.assertSent("FIN PONG 01");
        rig.wire.backlog = 101;
        rig.receive(rig.ping("02"));
        rig.assertSent();
    }

    @Test
    void aRoundTripOfNoTimeIsOne() {
        Rig rig = Rig.open(Role.SERVER);
        rig.wire.now = 5;
        rig.webSocket.sendPing(Bytes.buffer("01"));
        rig.receive(rig.pong("01"));
        assertEquals(Optional.of(Duration.ZERO), rig.webSocket.roundTrip());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000, 100_000})
    void aSendWaitsForRoomForAnyLength(int length) {
        for (boolean prepared : new boolean[] {false, true}) {
            Rig rig = Rig.open(Role.SERVER);
            ByteBuffer data = ByteBuffer.allocate(length);
            if (prepared) {
                rig.webSocket.send(PreparedMessage.binary(data));
            } else {
                rig.webSocket.sendBinary(data);
            }
            var sent = rig.webSocket.whenSent().toCompletableFuture();
            assertFalse(sent.isDone(), "not tried yet");
            rig.connection.flushed();
            assertTrue(sent.isDone());
        }
    }

    @Test
    void takingHeldMessagesFreesAllTheirRoom() {
        Rig rig = Rig.of(Role.SERVER).listener(new RecordingListener(0)).build();
        rig.connection.open();
        for (int i = 0; i < 3000; i++) {
            rig.receive(rig.binary("01"));
            assertTrue(rig.connection.isReadyForInput(), "after " + i);
            rig.webSocket.request(1);
        }
    }

    @Test
    void aFailedListenerNoLongerHoldsUpItsPeer() {
        Rig rig = Rig.of(Role.SERVER).listener(new RecordingListener(0)).build();
        rig.connection.open();
        rig.receive(rig.frame(0x82, new byte[100_000]));
        assertFalse(rig.connection.isReadyForInput());
        rig.connection.handshake().listenerFailed(new ListenerException(new IllegalStateException("elsewhere")));
        rig.assertSent("FIN CLOSE 03f3", "<shutdownOutput>", "<resume>");
    }

    // Text

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 10_000, 300_000})
    void malformedTextIsFoundAtEveryPlaceOfAWholeMessage(int length) {
        for (int at : new int[] {0, 1, length / 2, length - 1}) {
            byte[] text = Bytes.utf8("a".repeat(length));
            text[at] = (byte) 0xFF;
            Rig rig = Rig.open(Role.CLIENT);
            rig.receive(rig.frame(0x81, text));
            rig.failsWith(1007);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 10_000, 300_000})
    void aSentReplacementCharacterIsAccepted(int length) {
        for (String text : List.of("\uFFFD" + "a".repeat(length), "a".repeat(length) + "\uFFFD")) {
            Rig rig = Rig.open(Role.CLIENT);
            rig.receive(rig.text(text));
            assertEquals(ReadyState.OPEN, rig.webSocket.readyState());
            assertEquals(1, rig.listener.takeEvents().size());
        }
    }

    // Resources that the connections of a thread share

    @Test
    void rulesAreSharedByThoseOfOneRoleAndLimitOnly() {
        ThreadContext threadContext = new ThreadContext();
        FrameRules server = threadContext.rules(Role.SERVER, 10);
        assertSame(server, threadContext.rules(Role.SERVER, 10));
        FrameRules client = threadContext.rules(Role.CLIENT, 10);
        assertNotSame(server, client);
        assertEquals(11, threadContext.rules(Role.CLIENT, 11).maxPayloadLength());
        assertEquals(10, client.maxPayloadLength());
    }

    @Test
    void rulesAndContextsOfExtensionsAreSharedByConsecutiveConnectionsThatAgreeOnTheSame() {
        ThreadContext threadContext = new ThreadContext();
        List<NegotiatedExtension> owner = List.of(new FakeExtension("x-owner", 4));
        FrameRules first = threadContext.rules(Role.SERVER, 10, owner);
        assertSame(first, threadContext.rules(Role.SERVER, 10, List.of(new FakeExtension("x-owner", 4))));
        assertNotSame(first, threadContext.rules(Role.SERVER, 10, List.of()));
        assertSame(threadContext.rules(Role.SERVER, 10), threadContext.rules(Role.SERVER, 10, List.of()));
        assertNotEquals(first, threadContext.rules(Role.CLIENT, 10, owner));
        assertNotEquals(first, threadContext.rules(Role.SERVER, 11, owner));

        ExtensionContext context = threadContext.extensionContext(Role.SERVER, 10);
        assertSame(context, threadContext.extensionContext(Role.SERVER, 10));
        ThreadResources shared = context.thread();
        assertEquals(new ExtensionContext(Role.SERVER, 11, shared), threadContext.extensionContext(Role.SERVER, 11));
        assertEquals(new ExtensionContext(Role.CLIENT, 11, shared), threadContext.extensionContext(Role.CLIENT, 11));
    }
}
