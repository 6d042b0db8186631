package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the body of a response after its head, one piece at a time. It reads the next piece when the channel has
 * written the one before. It ends the channel if the body cannot be read, or if the peer stalls. For the event loop's own
 * thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, which closes this sender too
final class BodySender implements AutoCloseable {
    /** The length of one write, in bytes. A peer that takes less in 30 seconds has stalled. */
    static final int LONGEST_WRITE = 4 * 1024;

    /** What a stream of HTTP/2 sends at a time, in bytes: a frame, because Netty completes all frames of a write together. */
    private static final int TURN = 16 * 1024;

    private final ChannelHandlerContext context;
    private final StallWatch watch;
    private final BodyPieces body;
    private final Consumer<ChannelFuture> finished;
    private final int turn;
    private boolean closed;

    /** @param finished receives the future of the last write */
    BodySender(ChannelHandlerContext context, StallWatch watch, BodyPieces body, Consumer<ChannelFuture> finished) {
        this.context = context;
        this.watch = watch;
        this.body = body;
        this.finished = finished;
        this.turn = context.channel() instanceof Http2StreamChannel ? TURN : BodyPieces.LONGEST;
    }

    /** Sends the next piece, or ends the message if no piece is left. */
    void next() {
        if (closed) {
            return;
        }
        if (body.remaining() == 0) {
            end();
        } else {
            body.read(this::write);
        }
    }

    /** Ends the message without further pieces. */
    void end() {
        close();
        finished.accept(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }

    private void write(@Nullable ByteBuffer piece, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (piece == null) {
            ExchangeEnd.cancel(context.channel());
            return;
        }
        send(piece);
    }

    /** Sends a piece, in several turns if the channel shares its connection. */
    private void send(ByteBuffer piece) {
        int end = piece.position() + Math.min(turn, piece.remaining());
        ChannelFuture write = context.newSucceededFuture();
        while (piece.position() < end) {
            ByteBuffer part = piece.slice(piece.position(), Math.min(LONGEST_WRITE, end - piece.position()));
            piece.position(piece.position() + part.remaining());
            write = context.write(new DefaultHttpContent(Unpooled.wrappedBuffer(part)));
            watch.watch(write);
        }
        if (!piece.hasRemaining() && body.remaining() == 0) {
            end();
            return;
        }
        context.flush();
        write.addListener(sent -> {
            if (!sent.isSuccess()) {
                context.close();
            } else if (piece.hasRemaining() && !closed) {
                send(piece);
            } else {
                next();
            }
        });
    }

    /** Closes the body. */
    @Override
    public void close() {
        closed = true;
        body.close();
    }
}
