package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records the calls of a listener as text, with pieces joined to messages. */
final class RecordingListener implements WebSocket.Listener {
    private final long demand;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder bytes = new StringBuilder();
    private final AtomicInteger calls = new AtomicInteger();
    volatile @Nullable Throwable error;

    /** Requests this number of calls when it opens. */
    RecordingListener(long demand) {
        this.demand = demand;
    }

    static RecordingListener everything() {
        return new RecordingListener(Long.MAX_VALUE);
    }

    private @Nullable CompletionStage<?> keep(String event) {
        events.add(event);
        calls.decrementAndGet();
        return null;
    }

    private void enter() {
        assertEquals(1, calls.incrementAndGet(), "two calls at once");
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        enter();
        if (demand > 0) {
            webSocket.request(demand);
        }
        keep("open");
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        enter();
        text.append(data);
        if (!last) {
            calls.decrementAndGet();
            return null;
        }
        String whole = text.toString();
        text.setLength(0);
        return keep("text " + whole);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        enter();
        bytes.append(hex(data));
        if (!last) {
            calls.decrementAndGet();
            return null;
        }
        String whole = bytes.toString();
        bytes.setLength(0);
        return keep("binary " + whole);
    }

    private static String hex(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        enter();
        return keep("ping " + hex(message));
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        enter();
        return keep("pong " + hex(message));
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        enter();
        assertTrue(webSocket.isInputClosed());
        return keep("close " + statusCode + " " + reason);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        enter();
        this.error = error;
        keep("error");
    }

    /** Waits for the next event. */
    String next() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        assertNotNull(event, "nothing came");
        return event;
    }

    /** Returns the next event, or null if there is none now. */
    @Nullable
    String now() {
        return events.poll();
    }
}
