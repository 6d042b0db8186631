package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of two joined connections, with the messages of its senders and the events of its listener. */
final class JoinedEnd {
    /** Small limits and short frames, so that messages and frames have to wait. */
    private static final ConnectionOptions OPTIONS =
            ConnectionOptions.DEFAULT.withOutbound(500, 4_000).withFragmentLength(100);

    /** An accepted message, and its completion, if the sender has requested one. */
    private record AcceptedMessage(String text, @Nullable CompletableFuture<Void> sent) {
        boolean isKnownToBeLost() {
            return sent != null && sent.isCompletedExceptionally();
        }
    }

    final LoopThread loop = new LoopThread();
    final PipeEnd pipe;
    final Connection connection;
    final WebSocket webSocket;
    final Listener listener;
    private final List<List<AcceptedMessage>> senders = new ArrayList<>();
    private final List<CompletableFuture<?>> futures = new ArrayList<>();
    /** Whether the application has aborted, and so gets no more events. */
    private volatile boolean aborted;

    JoinedEnd(Role role, Random random, int untilBreak, boolean streams, @Nullable Executor executor) {
        pipe = new PipeEnd(role, loop, random, 1 + random.nextInt(2_000), untilBreak);
        listener = streams ? new Pieces(1 + random.nextInt(4)) : new Listener(1 + random.nextInt(4));
        Upgrade upgrade = new Upgrade("ws://example.test/", "", List.of());
        ThreadContext threadContext = new ThreadContext(new Events(), () -> 0x01020304);
        connection = new Connection(role, OPTIONS, upgrade, pipe, threadContext, listener, executor);
        webSocket = connection.webSocket();
    }

    /** Runs each task as an event of the pipe. */
    private final class Events implements ConnectionExecutor {
        @Override
        public boolean isCurrentThread() {
            return loop.isCurrentThread();
        }

        @Override
        public void execute(Runnable task) {
            pipe.event(task);
        }
    }

    // Sending

    /** Performs random actions: on the loop all at once, on another thread while the loop runs. */
    void act(String name, Random random, boolean harms) {
        List<AcceptedMessage> taken = new ArrayList<>();
        List<CompletableFuture<?>> own = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            String text = name + i + ":" + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 3_000 : 60));
            switch (random.nextInt(harms ? 9 : 8)) {
                case 0, 1 -> take(taken, text, webSocket.trySend(Message.text(text)));
                case 2 -> take(taken, text, webSocket.trySend(PreparedMessage.text(text)));
                case 3 -> {
                    CompletableFuture<Void> sent =
                            webSocket.sendAsync(Message.text(text)).toCompletableFuture();
                    own.add(sent);
                    taken.add(new AcceptedMessage(text, sent));
                }
                case 4 -> sendOrWait(taken, text);
                case 5 -> own.add(webSocket.whenSent().toCompletableFuture());
                case 6 -> webSocket.sendPing(ByteBuffer.allocate(3));
                case 7 -> webSocket.request(1 + random.nextInt(5));
                default -> fail(random);
            }
        }
        synchronized (senders) {
            senders.add(taken);
            futures.addAll(own);
        }
    }

    private static void take(List<AcceptedMessage> taken, String text, SendResult result) {
        if (result != SendResult.REFUSED) {
            taken.add(new AcceptedMessage(text, null));
        }
    }

    private void sendOrWait(List<AcceptedMessage> taken, String text) {
        if (loop.isCurrentThread()) {
            return;
        }
        try {
            webSocket.sendBlocking(Message.text(text));
            taken.add(new AcceptedMessage(text, null));
        } catch (IOException ended) {
            // the message was not accepted
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void fail(Random random) {
        switch (random.nextInt(12)) {
            case 0 -> webSocket.close();
            case 1 -> {
                aborted = true;
                webSocket.abort();
            }
            case 2 -> listener.throwsNext = true;
            default -> {}
        }
    }

    /**
     * Sends messages in pieces; only one thread of an end does so, because pieces of several threads would form one
     * message.
     */
    void actInPieces(String name, Random random) {
        List<AcceptedMessage> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            StringBuilder whole = new StringBuilder(name).append(i).append(':');
            String piece = whole.toString();
            try {
                for (int left = random.nextInt(4); left >= 0; left--) {
                    webSocket.sendBlocking(
                            Message.piece(MessageType.BINARY, ByteBuffer.wrap(Bytes.utf8(piece)), left == 0));
                    piece = "y".repeat(random.nextInt(300));
                    whole.append(left == 0 ? "" : piece);
                }
                taken.add(new AcceptedMessage(whole.toString(), null));
            } catch (IOException ended) {
                // the message was not accepted completely
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        synchronized (senders) {
            senders.add(taken);
        }
    }

    // Listening

    /** Records its events. */
    static class Listener implements WebSocketListener {
        private final long demand;
        private final List<String> received = new ArrayList<>();
        private final CompletableFuture<CloseEvent> end = new CompletableFuture<>();
        private int calls;
        private volatile boolean throwsNext;
        private volatile boolean failed;

        Listener(long demand) {
            this.demand = demand;
        }

        @Override
        public long initialDemand() {
            return demand;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            receive(webSocket, text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            receive(webSocket, new String(Bytes.of(data), UTF_8));
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            called();
        }

        @Override
        public void onWritable(WebSocket webSocket) {
            called();
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            called();
            failed = true;
        }

        final void receive(WebSocket webSocket, String text) {
            called();
            received.add(text);
            webSocket.request(2);
            if (throwsNext) {
                throwsNext = false;
                throw new IllegalStateException("thrown by a test, on purpose");
            }
        }

        private void called() {
            calls += end.isDone() ? 1 : 0;
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            called();
            end.complete(event);
        }

        boolean hasEnded() {
            return end.isDone();
        }

        CloseEvent end() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }
    }

    /** Records its events as pieces. */
    private static final class Pieces extends Listener implements StreamingListener {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        Pieces(long demand) {
            super(demand);
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            message.writeBytes(Bytes.of(piece));
            if (last) {
                String whole = message.toString(UTF_8);
                message.reset();
                receive(webSocket, whole);
            } else {
                webSocket.request(1);
            }
        }
    }

    // The laws

    /** Checks that the accepted messages have left in the order of each sender, or that their loss was reported. */
    void hasSentOrReportedAll() throws Exception {
        List<String> left = loop.call(pipe::sentMessages);
        CloseEvent event = listener.end();
        boolean reported = aborted || listener.failed || !event.wasClean() || event.cause() != null;
        for (List<AcceptedMessage> taken : senders) {
            List<String> expected = taken.stream()
                    .filter(one -> !one.isKnownToBeLost())
                    .map(AcceptedMessage::text)
                    .toList();
            for (AcceptedMessage one : taken) {
                boolean isReported = one.sent == null ? reported : one.isKnownToBeLost();
                assertTrue(isReported || left.contains(one.text), () -> "lost: " + one.text);
            }
            List<String> ofThis = left.stream().filter(expected::contains).toList();
            assertEquals(expected.subList(0, ofThis.size()), ofThis, "the order of a sender, and none between is lost");
        }
        long all = senders.stream().mapToLong(List::size).sum();
        assertTrue(left.size() <= all, "nothing leaves that was not taken");
    }

    void hasReceivedWhatLeft(JoinedEnd other, boolean all) {
        List<String> left = other.loop.call(other.pipe::sentMessages);
        List<String> received = listener.received;
        assertTrue(received.size() <= left.size(), () -> received + " of " + left);
        assertEquals(left.subList(0, received.size()), received);
        if (all) {
            assertEquals(left.size(), received.size());
        }
    }

    /** Checks that there was one end, no event after it, no leftover, and that all waiting senders were notified. */
    void isOver() {
        assertEquals(0, listener.calls, "called behind the end");
        assertTrue(futures.stream().allMatch(CompletableFuture::isDone));
        assertEquals(0, webSocket.bufferedAmount());
        assertEquals(0, pipe.heldBack.get());
    }
}
