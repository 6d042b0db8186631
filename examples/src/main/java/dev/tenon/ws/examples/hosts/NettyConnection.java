package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection as the last handler of a pipeline. Everything here happens on the channel's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // however a channel's end turns out, channelInactive follows
final class NettyConnection extends ChannelInboundHandlerAdapter implements Wire {
    /** How the transport below ends: a socket, or a stream of HTTP/2. What was written before has left. */
    interface Ends {
        /** Ends the output; input may follow. */
        void shutdownOutput();

        /** Ends both directions in good order. */
        void finish();

        /** Ends both directions at once. */
        void abort();
    }

    /** The longest message may wait behind as much as {@link Echo} leaves waiting when it asks for the next one. */
    private static final ConnectionOptions OPTIONS = ConnectionOptions.DEFAULT.withOutbound(64 * 1024, 2 << 20);

    private enum End {
        NONE,
        OUTPUT,
        ALL
    }

    private final Channel channel;
    private final Ends ends;
    private final Connection connection;

    /** What has come and was not wanted yet. */
    private final Queue<ByteBuf> input = new ArrayDeque<>();
    /** What is written while one event is handled; null in between. */
    private @Nullable ByteBuf output;
    /** Room in {@link #output} that was lent to the connection, and where it began. */
    private @Nullable ByteBuffer reserved;

    private int reservedAt;
    private long backlog;
    /** Whether something could not leave at once. */
    private boolean behind;

    private End end = End.NONE;

    NettyConnection(Channel channel, Ends ends, Upgrade upgrade) {
        this.channel = channel;
        this.ends = ends;
        this.connection = new Connection(Role.SERVER, OPTIONS, upgrade, this, new ThreadContext(), new Echo());
    }

    // What happens on the channel

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.open();
        Future<?> clock = channel.eventLoop().scheduleAtFixedRate(this::tick, 0, 1, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> clock.cancel(false));
        flush();
    }

    private void tick() {
        connection.tick(System.nanoTime());
        flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        input.add((ByteBuf) message);
        receive();
    }

    private void receive() {
        ByteBuf bytes;
        while (connection.wantsInput() && (bytes = input.peek()) != null) {
            ByteBuffer view = bytes.nioBuffer();
            int length = view.remaining();
            connection.receive(view);
            bytes.skipBytes(length - view.remaining());
            if (!bytes.isReadable()) {
                input.remove().release();
            }
        }
        channel.config().setAutoRead(connection.wantsInput());
        flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.endOfInput();
            flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.ended(cause instanceof IOException io ? io : new IOException(cause));
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.ended(null);
        input.forEach(ByteBuf::release);
        input.clear();
        takeOutput().release();
    }

    // What the connection writes

    @Override
    public ByteBuffer reserve(int length) {
        ByteBuf bytes = output().ensureWritable(length);
        ByteBuffer room = bytes.nioBuffer(bytes.writerIndex(), length);
        reserved = room;
        reservedAt = room.position();
        return room;
    }

    @Override
    public void write(ByteBuffer bytes) {
        output().writeBytes(bytes);
    }

    private ByteBuf output() {
        ByteBuf bytes = output;
        if (bytes == null) {
            bytes = channel.alloc().buffer();
            output = bytes;
        }
        ByteBuffer room = reserved;
        if (room != null) {
            bytes.writerIndex(bytes.writerIndex() + room.position() - reservedAt);
            reserved = null;
        }
        return bytes;
    }

    private ByteBuf takeOutput() {
        ByteBuf bytes = output();
        output = null;
        return bytes;
    }

    /** After every event: what was written leaves, and the connection hears of it. */
    private void flush() {
        if (output != null) {
            ByteBuf bytes = takeOutput();
            int length = bytes.readableBytes();
            backlog += length;
            channel.writeAndFlush(bytes).addListener(sent -> sent(length));
            behind |= backlog > 0;
        }
        connection.flushed();
        End due = end;
        end = End.NONE;
        switch (due) {
            case NONE -> {}
            case OUTPUT -> whenAllWasSent(sent -> ends.shutdownOutput());
            case ALL -> whenAllWasSent(sent -> ends.finish());
        }
    }

    private void sent(int length) {
        backlog -= length;
        if (backlog == 0 && behind) {
            behind = false;
            connection.writable();
            flush();
        }
    }

    private void whenAllWasSent(ChannelFutureListener then) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public void finish() {
        end = End.ALL;
    }

    @Override
    public void shutdownOutput() {
        end = end == End.ALL ? End.ALL : End.OUTPUT;
    }

    @Override
    public void abort() {
        ends.abort();
    }

    @Override
    public void resume() {
        channel.eventLoop().execute(this::receive);
    }
}
