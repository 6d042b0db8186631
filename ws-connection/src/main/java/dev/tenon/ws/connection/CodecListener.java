package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Decodes messages for a typed listener. It has no state of a connection, so one object may serve several connections.
 */
final class CodecListener<T> implements Utf8Listener {
    private final Codec<T> codec;
    private final TypedListener<T> target;

    CodecListener(Codec<T> codec, TypedListener<T> target) {
        this.codec = codec;
        this.target = target;
    }

    @Override
    public void onText(WebSocket webSocket, ByteBuffer utf8) throws Exception {
        onMessage(webSocket, MessageType.TEXT, utf8);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {
        onMessage(webSocket, MessageType.BINARY, data);
    }

    private void onMessage(WebSocket webSocket, MessageType type, ByteBuffer bytes) throws Exception {
        TypedWebSocket<T> peer = codec.on(webSocket);
        T value;
        try {
            value = Objects.requireNonNull(codec.decode(type, bytes), "the codec has returned null");
        } catch (CodecException failure) {
            target.onInvalid(peer, failure);
            return;
        } catch (Exception | StackOverflowError thrown) { // a peer can make a parser recurse very deeply
            String reason = "a message cannot be decoded: " + thrown;
            target.onInvalid(peer, new CodecException(CloseCode.INVALID_PAYLOAD_DATA, reason, thrown));
            return;
        }
        target.onMessage(peer, value);
    }

    @Override
    public long initialDemand() {
        return target.initialDemand();
    }

    @Override
    public void onOpen(WebSocket webSocket) throws Exception {
        target.onOpen(codec.on(webSocket));
    }

    @Override
    public void onWritable(WebSocket webSocket) throws Exception {
        target.onWritable(codec.on(webSocket));
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) throws Exception {
        target.onError(codec.on(webSocket), error);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) throws Exception {
        target.onClose(codec.on(webSocket), event);
    }
}
