package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A listener that records its calls for other threads, and checks their order. */
final class TransportEnd implements WebSocketListener {
    private final long demand;
    private final AtomicInteger inside = new AtomicInteger();
    private final List<ByteBuffer> received = new ArrayList<>();
    private volatile @Nullable WebSocket webSocket;
    private volatile @Nullable CloseEvent end;
    private final AtomicInteger writable = new AtomicInteger();
    private volatile @Nullable String broken;

    TransportEnd(long demand) {
        this.demand = demand;
    }

    private void call(Runnable body) {
        if (inside.incrementAndGet() > 1) {
            broken = "a listener was called twice at once";
        }
        if (end != null) {
            broken = "a listener was called after onClose";
        }
        body.run();
        inside.decrementAndGet();
    }

    @Override
    public long initialDemand() {
        return demand;
    }

    @Override
    public void onOpen(WebSocket opened) {
        call(() -> webSocket = opened);
    }

    @Override
    public void onBinary(WebSocket from, ByteBuffer data) {
        call(() -> {
            ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
            synchronized (received) {
                received.add(copy);
            }
        });
    }

    @Override
    public void onWritable(WebSocket from) {
        call(writable::incrementAndGet);
    }

    @Override
    public void onClose(WebSocket from, CloseEvent event) {
        call(() -> end = event);
    }

    boolean isOpen() {
        return webSocket != null;
    }

    boolean isEnded() {
        return end != null;
    }

    /** How often {@code onWritable} was called. */
    int writable() {
        return writable.get();
    }

    WebSocket webSocket() {
        return Objects.requireNonNull(webSocket);
    }

    CloseEvent end() {
        return Objects.requireNonNull(end);
    }

    List<ByteBuffer> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    SendResult send(ByteBuffer message) {
        return webSocket().trySend(Message.binary(message.duplicate()));
    }

    /** Sends a message that must not be refused. */
    void sendOrFail(ByteBuffer message) {
        check(send(message) != SendResult.REFUSED, "a message was refused, though little has been sent");
    }

    void checkCalls() {
        String fault = broken;
        check(fault == null, String.valueOf(fault));
    }
}
