package dev.tenon.ws.conformance.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A connection of Tenon's client to an echo. */
final class OwnConnection {
    private static final int DEADLINE = 20;

    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final WebSocket webSocket;

    OwnConnection(WebSocketClient client, ConnectRequest request) throws Exception {
        webSocket = client.connect(request, new Recorder()).get(DEADLINE, TimeUnit.SECONDS);
    }

    /** Checks that a short text, a long text, and 1 MiB of random data come back unchanged. */
    void checkEchoes() throws InterruptedException {
        for (String text : new String[] {"grüß dich", "through the gate ".repeat(2000)}) {
            sendText(text);
            assertEquals(text, next());
        }
        byte[] noise = new byte[1 << 20];
        new Random(1).nextBytes(noise);
        webSocket.sendBinary(ByteBuffer.wrap(noise));
        assertEquals(ByteBuffer.wrap(noise), next());
    }

    void sendText(String text) {
        webSocket.sendText(text);
    }

    /** Returns the next event: a text, a buffer, or {@code code reason clean} at the end. */
    Object next() throws InterruptedException {
        Object next = received.poll(DEADLINE, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    /** Performs the closing handshake, started by this end. */
    void checkClose(int code, String reason) throws InterruptedException {
        webSocket.close(new CloseCode(code), reason);
        assertEquals(code + " " + reason + " clean", next());
    }

    private final class Recorder implements WebSocketListener {
        @Override
        public void onText(WebSocket open, String text) {
            received.add(text);
        }

        @Override
        public void onBinary(WebSocket open, ByteBuffer data) {
            received.add(ByteBuffer.allocate(data.remaining()).put(data).flip());
        }

        @Override
        public void onClose(WebSocket open, CloseEvent event) {
            received.add(event.code() + " " + event.reason() + (event.wasClean() ? " clean" : " unclean"));
        }
    }
}
