package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One connection of a benchmark. It sends messages and measures the time until each one returns. */
final class LoadConnection implements StreamingListener {
    private final Load load;
    private final LoadCounters counters;
    private final Messages messages;

    /** The time at which each message in flight was sent, or was due, by {@link System#nanoTime}. */
    private final Queue<Long> sentAt = new ConcurrentLinkedQueue<>();

    private long sent;
    private long echoed;
    private int received;
    private boolean different;

    LoadConnection(Load load, Messages messages, LoadCounters counters) {
        this.load = load;
        this.messages = messages;
        this.counters = counters;
    }

    /**
     * The messages of a load in turn, for all connections.
     *
     * @param texts the messages, or none if they are binary
     * @param payloads the bytes of each message, also of a text
     */
    record Messages(List<String> texts, List<byte[]> payloads) {
        static Messages of(Load load) {
            List<String> texts =
                    load.text() ? load.sizes().stream().map("x"::repeat).toList() : List.of();
            List<byte[]> payloads = load.text()
                    ? texts.stream()
                            .map(text -> text.getBytes(StandardCharsets.UTF_8))
                            .toList()
                    : load.sizes().stream().map(byte[]::new).toList();
            return new Messages(texts, payloads);
        }
    }

    /**
     * Sends a message, always from the same thread. The latency counts from the given time, which may have passed, so
     * it includes the delay of a late message.
     */
    void send(WebSocket webSocket, long time) {
        if (load.rate() > 0 && webSocket.bufferedAmount() > Math.max(64 << 10, 4L * load.longest())) {
            counters.refused();
            return;
        }
        sentAt.add(time);
        int turn = (int) (sent++ % load.sizes().size());
        if (load.text()) {
            webSocket.sendText(messages.texts().get(turn));
        } else {
            webSocket.sendBinary(ByteBuffer.wrap(messages.payloads().get(turn)));
        }
    }

    /**
     * Counts the messages that have not come back. Without a rate, each message waits for an earlier one, so for each of
     * them those count too that would have followed it by now. Otherwise a server that stops would have a few slow
     * messages only. Called at the end, on the connection's executor.
     *
     * @param meanLatency the mean latency of the messages that have come back
     */
    void end(long time, long meanLatency) {
        for (Long sent = sentAt.poll(); sent != null; sent = sentAt.poll()) {
            counters.notReturned(time - sent, load.rate() == 0 ? meanLatency : 0);
        }
    }

    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
        if (!counters.isRunning()) {
            return;
        }
        different |= !isExpected(piece);
        received += piece.remaining();
        if (!last) {
            return;
        }
        Long time = sentAt.poll();
        different |= received != load.size(echoed++) || (type == MessageType.TEXT) != load.text();
        if (time == null || different) {
            counters.wrong();
        } else {
            counters.echoed(System.nanoTime() - time);
        }
        received = 0;
        different = false;
        if (load.rate() == 0) {
            send(webSocket, System.nanoTime());
        }
    }

    private boolean isExpected(ByteBuffer piece) {
        byte[] message = messages.payloads().get((int) (echoed % load.sizes().size()));
        int length = piece.remaining();
        return length <= message.length - received
                && ByteBuffer.wrap(message, received, length).equals(piece);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        if (counters.isRunning()) {
            counters.lost(event);
        }
    }
}
