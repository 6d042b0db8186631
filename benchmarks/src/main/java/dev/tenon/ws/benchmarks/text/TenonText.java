package dev.tenon.ws.benchmarks.text;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;

/** A whole connection in the server's role: rules, UTF-8, listener. */
final class TenonText implements TextCodec, WebSocketListener, Wire {
    private final ByteBuffer input;
    private final ByteBuffer output = ByteBuffer.allocate(2 * MAX_RESERVE);
    private final Connection connection;
    private String text = "";

    TenonText(int capacity) {
        input = ByteBuffer.allocateDirect(capacity);
        connection = new Connection(
                Role.SERVER,
                ConnectionOptions.DEFAULT,
                new Upgrade("ws://localhost/", "", List.of()),
                this,
                new ThreadContext(),
                this);
        connection.open();
    }

    @Override
    public String receive(byte[] frame) {
        connection.receive(input.clear().put(frame).flip());
        return text;
    }

    @Override
    public void onText(WebSocket webSocket, String message) {
        text = message;
    }

    @Override
    public ByteBuffer reserve(int length) {
        return output.clear();
    }

    @Override
    public void write(ByteBuffer bytes) {
        throw new IllegalStateException("nothing is sent");
    }

    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public void finish() {
        throw new IllegalStateException("the connection has failed");
    }

    @Override
    public void shutdownOutput() {
        throw new IllegalStateException("the connection has failed");
    }

    @Override
    public void abort() {
        throw new IllegalStateException("the connection has failed");
    }

    @Override
    public void resume() {}
}
