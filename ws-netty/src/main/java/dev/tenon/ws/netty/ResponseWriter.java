package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedBody;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses to plain requests, one at a time: a short one at once, a long one or a file in pieces. For the
 * event loop's own thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class ResponseWriter implements AutoCloseable {
    /** The value of {@code Alt-Svc}, or the empty string for none. */
    private final String alternative;

    private @Nullable BodySender sending;

    ResponseWriter(String alternative) {
        this.alternative = alternative;
    }

    /** Asks the client for the body of its request. */
    static void writeContinue(ChannelHandlerContext context) {
        context.writeAndFlush(
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }

    /**
     * Writes a response. The response to a HEAD request has no body.
     *
     * @param file the body, or null for that of the response
     * @param left receives whether the channel stays open, when the response has left
     */
    void write(
            ChannelHandlerContext context,
            PlainRequest request,
            HttpResponse response,
            @Nullable HostedBody file,
            Consumer<Boolean> left) {
        ByteBuffer body = response.body();
        boolean staysOpen = request.keepsAlive() && !response.headers().hasToken("Connection", "close");
        StallWatch watch = new StallWatch(context.channel());
        Consumer<ChannelFuture> written = last -> {
            sending = null;
            watch.watch(last);
            last.addListener(sent -> left.accept(staysOpen && sent.isSuccess()));
        };
        boolean isHead = request.method().equals("HEAD");
        if (file == null && (isHead || body.remaining() <= BodySender.LONGEST_WRITE)) {
            var content = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
            var whole = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(response), content);
            addHeaders(whole, response, body.remaining(), staysOpen);
            written.accept(context.writeAndFlush(whole));
            return;
        }
        BodyPieces pieces = file == null ? BodyPieces.of(body) : BodyPieces.of(file);
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status(response));
        addHeaders(head, response, pieces.remaining(), staysOpen);
        context.write(head);
        BodySender sender = new BodySender(context, watch, pieces, written);
        sending = sender;
        if (isHead) {
            sender.end();
        } else {
            sender.next();
        }
    }

    private static HttpResponseStatus status(HttpResponse response) {
        return HttpResponseStatus.valueOf(response.status(), response.reason());
    }

    private void addHeaders(
            io.netty.handler.codec.http.HttpResponse message, HttpResponse response, long length, boolean staysOpen) {
        response.headers().forEach(message.headers()::add);
        if (response.status() != 204 && response.status() != 304) {
            message.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        }
        if (!alternative.isEmpty()) { // RFC 7838 §3
            message.headers().set("Alt-Svc", alternative);
        }
        HttpUtil.setKeepAlive(message, staysOpen);
    }

    /** Closes the file that is being sent, if there is one. */
    @Override
    public void close() {
        if (sending != null) {
            sending.close();
        }
    }
}
