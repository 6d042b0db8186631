package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * The laws that a transport of {@link dev.tenon.ws.connection.Connection} must obey, as jqwik properties: bytes in
 * order, a reported backlog, respected demand, and an end in all cases. Subclass it in a test and connect two listeners
 * by the transport. The options of both ends are those of {@link dev.tenon.ws.connection.ConnectionOptions#DEFAULT}, or
 * any limits above 100,000 bytes.
 */
public abstract class TransportLaws {
    private static final int MANY = 2000;

    /** For subclasses. */
    protected TransportLaws() {}

    /**
     * Connects two ends by the transport under test.
     *
     * @param client receives the events of the client
     * @param server receives the events of the server
     * @return closes everything at the end of the test
     * @throws Exception if that fails
     */
    protected abstract AutoCloseable join(WebSocketListener client, WebSocketListener server) throws Exception;

    /**
     * Waits for a condition; override it if the transport needs calls to make progress.
     *
     * @param condition the condition
     * @return false at the timeout, by default after ten seconds
     * @throws InterruptedException if the thread is interrupted
     */
    protected boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 5000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(2);
        }
        return condition.getAsBoolean();
    }

    /**
     * Generates messages from 0 to 100,000 bytes, mostly short.
     *
     * @return lists of their lengths
     */
    @Provide
    protected Arbitrary<List<Integer>> lengths() {
        return Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.integers().between(0, 300)),
                        Tuple.of(1, Arbitraries.of(8_192, 16_384, 65_536, 100_000)))
                .list()
                .ofMaxSize(8);
    }

    /**
     * Each end receives the messages of the other complete and in order, before a clean end with the close code.
     *
     * @param up the lengths of the client's messages
     * @param down the lengths of the server's messages
     * @throws Exception if the transport fails
     */
    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    public void messagesSentBeforeACloseArriveInOrder(
            @ForAll("lengths") List<Integer> up, @ForAll("lengths") List<Integer> down) throws Exception {
        try (Ends ends = open(Long.MAX_VALUE)) {
            List<ByteBuffer> sent = new ArrayList<>();
            for (int i = 0; i < up.size(); i++) {
                sent.add(message(i, up.get(i)));
                ends.client.sendOrFail(sent.get(i));
            }
            for (int i = 0; i < down.size(); i++) {
                ends.server.sendOrFail(message(i, down.get(i)));
            }
            expect(() -> ends.client.received().size() == down.size(), "all that the server has sent");
            ends.client.webSocket().close(new CloseCode(4000), "done");
            ends.expectEnd();
            check(ends.server.received().equals(sent), "the messages of the client arrived changed");
            for (int i = 0; i < down.size(); i++) {
                check(
                        ends.client.received().get(i).equals(message(i, down.get(i))),
                        "message " + i + " arrived changed");
            }
            check(ends.client.end().wasClean() && ends.server.end().wasClean(), "an end that is not clean");
            check(
                    ends.server.end().code().value() == 4000,
                    "closed with " + ends.server.end().code());
        }
    }

    /**
     * A listener without demand receives no messages, and its peer's sends report congestion; {@code whenSent} waits.
     * After a request all messages arrive.
     *
     * @throws Exception if the transport fails
     */
    @Property(tries = 1)
    public void aStallIsReportedToTheSenderAndEndsWithDemandOfTheReceiver() throws Exception {
        try (Ends ends = open(0)) {
            List<ByteBuffer> accepted = new ArrayList<>();
            boolean stalled = false;
            int congestedAt = 0;
            for (int i = 0; i < MANY && !stalled; i++) {
                ByteBuffer message = message(i, 60_000);
                int before = ends.client.writable();
                SendResult result = ends.client.send(message);
                if (result != SendResult.REFUSED) {
                    accepted.add(message);
                }
                if (result != SendResult.QUEUED) { // buffers in between may accept more soon
                    expect(() -> backlog(ends) > 0 || ends.client.writable() > before, "a backlog or onWritable");
                    stalled = backlog(ends) > 0;
                    congestedAt = before;
                }
            }
            check(stalled, "a sender was never told that its peer is slow");
            check(ends.server.received().isEmpty(), "a message that was not requested");
            var sent = ends.client.webSocket().whenSent().toCompletableFuture();
            check(!(sent.isDone() && backlog(ends) > 0), "whenSent has completed before all bytes were sent");
            int onceMore = congestedAt;
            ends.server.webSocket().request(Long.MAX_VALUE);
            expect(() -> ends.server.received().size() == accepted.size(), "all that was accepted");
            check(ends.server.received().equals(accepted), "accepted messages arrived changed");
            expect(() -> ends.client.writable() > onceMore, "onWritable");
            expect(() -> backlog(ends) == 0, "an end of the backlog");
            expect(sent::isDone, "the stage of whenSent");
            check(ends.client.send(message(0, 1)) == SendResult.QUEUED, "no room after onWritable");
        }
    }

    /**
     * {@code whenSent} completes.
     *
     * @param lengths the lengths of the messages
     * @throws Exception if the transport fails
     */
    @Property(tries = 5, shrinking = ShrinkingMode.OFF)
    public void completionsOfSendsAlwaysComplete(@ForAll("lengths") List<Integer> lengths) throws Exception {
        try (Ends ends = open(Long.MAX_VALUE)) {
            for (int i = 0; i < lengths.size(); i++) {
                ends.server.sendOrFail(message(i, lengths.get(i)));
            }
            var sent = ends.server.webSocket().whenSent().toCompletableFuture();
            expect(sent::isDone, "the stage of whenSent");
            check(!sent.isCompletedExceptionally(), "the stage of whenSent has failed");
        }
    }

    /**
     * An abort ends both sides at once: the other end reports an end without a Close frame.
     *
     * @param byClient which side aborts
     * @throws Exception if the transport fails
     */
    @Property(tries = 4)
    public void anAbortEndsBothSides(@ForAll boolean byClient) throws Exception {
        try (Ends ends = open(Long.MAX_VALUE)) {
            (byClient ? ends.client : ends.server).webSocket().abort();
            ends.expectEnd();
            for (TransportEnd end : List.of(ends.client, ends.server)) {
                check(end.end().code().equals(CloseCode.ABNORMAL_CLOSURE), "an abort with " + end.end());
                check(!end.end().wasClean(), "an abort that was clean");
                check(end.send(message(0, 1)) == SendResult.REFUSED, "a message accepted after the end");
            }
        }
    }

    private static long backlog(Ends ends) {
        return ends.client.webSocket().bufferedAmount();
    }

    private Ends open(long serverDemand) throws Exception {
        TransportEnd client = new TransportEnd(Long.MAX_VALUE);
        TransportEnd server = new TransportEnd(serverDemand);
        Ends ends = new Ends(client, server, join(client, server));
        expect(() -> client.isOpen() && server.isOpen(), "onOpen on both sides");
        return ends;
    }

    private void expect(BooleanSupplier condition, String what) throws InterruptedException {
        check(await(condition), what + " has not come");
    }

    /** A unique message. */
    private static ByteBuffer message(int number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number + i * 31);
        }
        return ByteBuffer.wrap(bytes);
    }

    private final class Ends implements AutoCloseable {
        final TransportEnd client;
        final TransportEnd server;
        private final AutoCloseable transport;

        Ends(TransportEnd client, TransportEnd server, AutoCloseable transport) {
            this.client = client;
            this.server = server;
            this.transport = transport;
        }

        void expectEnd() throws InterruptedException {
            expect(() -> client.isEnded() && server.isEnded(), "onClose on both sides");
        }

        /** Checks that no listener was called twice at once, nor after its end. */
        @Override
        public void close() {
            try {
                transport.close();
            } catch (Exception e) {
                throw new AssertionError("the transport cannot be closed", e);
            }
            client.checkCalls();
            server.checkCalls();
        }
    }
}
