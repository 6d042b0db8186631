package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames of Netty over a {@link WebSocket}, and completes the promises of these writes. For the event loop's own
 * thread.
 */
final class FrameSender {
    private final WebSocket webSocket;
    /** The type of the message whose fragments are being sent; null if there is none. */
    private @Nullable MessageType fragmented;
    /** The promises of the frames that were sent since the last flush. */
    private List<ChannelPromise> unflushed = new ArrayList<>(2);

    FrameSender(WebSocket webSocket) {
        this.webSocket = webSocket;
    }

    /**
     * Sends a frame. The frame still belongs to the caller. Throws an {@link IllegalArgumentException} if the frame
     * must not be sent.
     */
    void send(WebSocketFrame frame, ChannelPromise promise) {
        if (dispatch(frame) == SendResult.REFUSED) {
            promise.tryFailure(
                    webSocket.readyState() == ReadyState.OPEN
                            ? new IOException("too much waits to be sent already")
                            : new ClosedChannelException());
        } else {
            keep(promise);
        }
    }

    /** Adds a promise to those that the next flush completes. */
    void keep(ChannelPromise promise) {
        if (!promise.isVoid()) {
            unflushed.add(promise);
        }
    }

    private SendResult dispatch(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            int code = close.statusCode();
            webSocket.close(code < 0 ? CloseCode.NO_STATUS_RECEIVED : new CloseCode(code), close.reasonText());
            return SendResult.QUEUED;
        }
        ByteBuffer payload = frame.content().nioBuffer();
        if (frame instanceof PingWebSocketFrame) {
            return webSocket.sendPing(payload);
        }
        if (frame instanceof PongWebSocketFrame) {
            return webSocket.sendPong(payload);
        }
        SendResult result = webSocket.trySend(message(frame, payload));
        if (result == SendResult.REFUSED) { // most callers ignore the promise, and no message may be lost silently
            webSocket.close(CloseCode.TRY_AGAIN_LATER, "");
        }
        return result;
    }

    private Message message(WebSocketFrame frame, ByteBuffer payload) {
        boolean last = frame.isFinalFragment();
        if (frame instanceof ContinuationWebSocketFrame) {
            MessageType type = fragmented;
            if (type == null) {
                throw new IllegalArgumentException("there is no message to continue");
            }
            fragmented = last ? null : type;
            return Message.piece(type, payload, last);
        }
        MessageType type = frame instanceof TextWebSocketFrame ? MessageType.TEXT : MessageType.BINARY;
        if (!last) {
            fragmented = type;
            return Message.piece(type, payload, false);
        }
        return type == MessageType.TEXT ? Message.text(payload) : Message.binary(payload);
    }

    /** Completes the promises of the frames sent so far, as soon as the operating system has their bytes. */
    void flush() {
        if (unflushed.isEmpty()) {
            return;
        }
        List<ChannelPromise> flushed = unflushed;
        unflushed = new ArrayList<>(2);
        webSocket.whenSent().whenComplete((sent, failure) -> {
            for (ChannelPromise promise : flushed) {
                if (failure == null) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(failure);
                }
            }
        });
    }

    /** Fails the promises of the frames that were not flushed. */
    void close() {
        unflushed.forEach(promise -> promise.tryFailure(new ClosedChannelException()));
        unflushed.clear();
    }
}
