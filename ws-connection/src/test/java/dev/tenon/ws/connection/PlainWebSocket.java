package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A connection of someone who implements no more than has to be. */
final class PlainWebSocket implements WebSocket {
    @Override
    public SendResult sendText(String text) {
        assertEquals("é", text);
        return SendResult.QUEUED;
    }

    @Override
    public SendResult sendBinary(ByteBuffer data) {
        assertEquals(Bytes.buffer("0102"), data);
        return SendResult.CONGESTED;
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        return SendResult.REFUSED;
    }

    @Override
    public SendResult sendPing(ByteBuffer payload) {
        return SendResult.REFUSED;
    }

    @Override
    public SendResult sendPong(ByteBuffer payload) {
        return SendResult.REFUSED;
    }

    @Override
    public void close(CloseCode code, String reason) {}

    @Override
    public void abort() {}

    @Override
    public void request(long messages) {}

    @Override
    public ReadyState readyState() {
        return ReadyState.CONNECTING;
    }

    @Override
    public long bufferedAmount() {
        return 0;
    }

    @Override
    public String url() {
        return "";
    }

    @Override
    public String subprotocol() {
        return "";
    }

    @Override
    public List<ExtensionOffer> extensions() {
        return List.of();
    }

    @Override
    public ConnectionExecutor executor() {
        return ConnectionExecutor.direct();
    }

    @Override
    public CompletionStage<CloseEvent> whenClosed() {
        return new CompletableFuture<>();
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return null;
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value) {
        return null;
    }
}
