package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;

/** Each faulty codec or transport fails a law. */
class LawsFaultsProperties {
    private static final List<Integer> LENGTHS = List.of(0, 125, 126, 65_535, 65_536);

    private final Random random = new Random(1);
    private final List<FrameSequence> sequences = samples(Frames.sequences(Role.CLIENT));
    private final List<BrokenFrame> broken = samples(Frames.broken(Role.CLIENT));
    private final List<Frame> frames = samples(Frames.frames());

    private <T> List<T> samples(Arbitrary<T> arbitrary) {
        var generator = arbitrary.generator(1000);
        List<T> samples = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            samples.add(generator.next(random).value());
        }
        return samples;
    }

    private static boolean fails(ThrowingRunnable law) {
        try {
            law.run();
            return false;
        } catch (AssertionError e) {
            return true;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    /** Returns the laws that detect the fault. */
    private List<String> found(CodecLaws faulty) {
        List<String> laws = new ArrayList<>();
        FrameSequence nothing = new FrameSequence(Role.CLIENT, List.of(), List.of());
        if (sequences.stream().anyMatch(each -> fails(() -> faulty.decodingInvertsEncodingOfFrames(each, random)))) {
            laws.add("round trip");
        }
        if (frames.stream().anyMatch(each -> fails(() -> faulty.encodedFramesAreLegal(each, Role.SERVER)))) {
            laws.add("legal");
        }
        if (sequences.stream()
                .anyMatch(each -> fails(() -> faulty.whereverTheBytesAreCutItDecodesTheSame(each, random)))) {
            laws.add("cuts");
        }
        if (LENGTHS.stream()
                .anyMatch(each -> fails(() -> faulty.framesOfAnyLengthAreDecoded(each, Role.CLIENT, random)))) {
            laws.add("lengths");
        }
        if (broken.stream()
                .anyMatch(
                        each -> fails(() -> faulty.aDefectFailsWithItsCodeAndNothingFollows(nothing, each, random)))) {
            laws.add("defects");
        }
        if (broken.stream()
                .anyMatch(each -> fails(
                        () -> faulty.arbitraryBytesAreDecodedOrRejected(bytes(each.bytes()), Role.SERVER, random)))) {
            laws.add("any bytes");
        }
        return laws;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Example
    void aGoodCodecPasses() {
        assertEquals(List.of(), found(new TenonCodecProperties()));
    }

    @Example
    void aDecoderThatKeepsItsInputIsFound() {
        assertEquals(List.of("round trip", "cuts", "lengths", "defects"), found(new TenonCodecProperties() {
            @Override
            protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
                List<ByteBuffer> kept = new ArrayList<>();
                Consumer<ByteBuffer> good = super.decoder(receiver, maxPayload, frames);
                return input -> {
                    kept.forEach(good); // a call late
                    kept.clear();
                    kept.add(input);
                };
            }
        }));
    }

    @Example
    void aDecoderThatRefusesTheLongestFormOfTheLengthIsFound() {
        assertEquals(List.of("lengths"), found(new TenonCodecProperties() {
            @Override
            protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
                return super.decoder(receiver, Math.min(maxPayload, 65_535), frames);
            }
        }));
    }

    @Example
    void aDecoderThatLosesAPingIsFound() {
        assertEquals(List.of("round trip", "cuts"), found(new TenonCodecProperties() {
            @Override
            protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
                return super.decoder(receiver, maxPayload, frame -> {
                    if (frame.firstByte().opcode() != Opcode.PING) {
                        frames.accept(frame);
                    }
                });
            }
        }));
    }

    @Example
    void aDecoderThatThrowsWhatItShouldNotIsFound() {
        assertEquals(List.of("defects", "any bytes"), found(new TenonCodecProperties() {
            @Override
            protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
                Consumer<ByteBuffer> good = super.decoder(receiver, maxPayload, frames);
                return input -> {
                    try {
                        good.accept(input);
                    } catch (ProtocolException e) {
                        throw new IllegalStateException(e);
                    }
                };
            }
        }));
    }

    @Example
    void aWrongCloseCodeIsFound() {
        assertEquals(List.of("defects"), found(new TenonCodecProperties() {
            @Override
            protected CloseCode closeCode(RuntimeException thrown) {
                return CloseCode.PROTOCOL_ERROR; // also for frames that are too long
            }
        }));
    }

    @Example
    void anEncoderThatForgetsFinIsFound() {
        assertEquals(List.of("round trip", "legal"), found(new TenonCodecProperties() {
            @Override
            protected ByteBuffer encode(Frame frame, Role sender) {
                FirstByte firstByte = frame.firstByte();
                return super.encode(
                        new Frame(
                                firstByte.withFin(firstByte.opcode() != Opcode.BINARY && firstByte.fin()),
                                frame.payload()),
                        sender);
            }
        }));
    }

    @Example
    void transportsThatLoseReorderOrNeverEndAreFound() {
        List<Integer> lengths = List.of(1, 2, 3, 4);
        assertFalse(fails(() -> transport(listener -> listener).anAbortEndsBothSides(true)));
        assertTrue(fails(() -> transport(Deaf::new).anAbortEndsBothSides(true)));
        assertTrue(fails(() -> transport(Doubling::new).messagesSentBeforeACloseArriveInOrder(lengths, lengths)));
        assertTrue(fails(() -> transport(Reordering::new).messagesSentBeforeACloseArriveInOrder(lengths, lengths)));
        assertFalse(fails(() -> transport(listener -> listener).completionsOfSendsAlwaysComplete(lengths)));
        assertTrue(fails(() -> transport(NeverSent::new).completionsOfSendsAlwaysComplete(lengths)));
        assertTrue(fails(() -> transport(SentAtOnce::new).aStallIsReportedToTheSenderAndEndsWithDemandOfTheReceiver()));
        assertTrue(
                fails(() -> transport(NeverWritable::new).aStallIsReportedToTheSenderAndEndsWithDemandOfTheReceiver()));
    }

    private static TransportLaws transport(UnaryOperator<WebSocketListener> fault) {
        return new MemoryWireTransportProperties.Laws(WireConditions.GOOD) {
            @Override
            protected AutoCloseable join(WebSocketListener client, WebSocketListener server) {
                return super.join(fault.apply(client), fault.apply(server));
            }
        };
    }

    /** Passes all calls on. */
    private static class ForwardingConnection implements WebSocketListener {
        private final WebSocketListener real;

        ForwardingConnection(WebSocketListener real) {
            this.real = real;
        }

        @Override
        public long initialDemand() {
            return real.initialDemand();
        }

        @Override
        public void onOpen(WebSocket webSocket) throws Exception {
            real.onOpen(webSocket);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {
            real.onBinary(webSocket, data);
        }

        @Override
        public void onWritable(WebSocket webSocket) throws Exception {
            real.onWritable(webSocket);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) throws Exception {
            real.onClose(webSocket, event);
        }
    }

    private static final class Deaf extends ForwardingConnection {
        Deaf(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {}
    }

    private static final class NeverWritable extends ForwardingConnection {
        NeverWritable(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onWritable(WebSocket webSocket) {}
    }

    /** Never completes a send. */
    private static final class NeverSent extends ForwardingConnection {
        NeverSent(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onOpen(WebSocket webSocket) throws Exception {
            super.onOpen(whenSent(webSocket, new CompletableFuture<>()));
        }
    }

    /** Completes each send at once. */
    private static final class SentAtOnce extends ForwardingConnection {
        SentAtOnce(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onOpen(WebSocket webSocket) throws Exception {
            super.onOpen(whenSent(webSocket, CompletableFuture.completedFuture(null)));
        }
    }

    private static WebSocket whenSent(WebSocket webSocket, CompletableFuture<?> sent) {
        InvocationHandler handler = (proxy, method, arguments) ->
                method.getName().equals("whenSent") ? sent : method.invoke(webSocket, arguments);
        return (WebSocket)
                Proxy.newProxyInstance(WebSocket.class.getClassLoader(), new Class<?>[] {WebSocket.class}, handler);
    }

    /** Delivers each message after the next one. */
    private static final class Reordering extends ForwardingConnection {
        private final List<ByteBuffer> late = new ArrayList<>();

        Reordering(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {
            if (late.isEmpty()) {
                late.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
                return;
            }
            super.onBinary(webSocket, data);
            super.onBinary(webSocket, late.remove(0));
        }
    }

    private static final class Doubling extends ForwardingConnection {
        Doubling(WebSocketListener real) {
            super(real);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {
            super.onBinary(webSocket, data.duplicate());
            super.onBinary(webSocket, data);
        }
    }
}
