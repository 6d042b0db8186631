package dev.tenon.ws.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The first handler of a pipeline. It holds all writes, as a peer without window does, until a test takes them. */
final class Window extends ChannelOutboundHandlerAdapter {
    private final List<String> written = new ArrayList<>();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    /** The bytes of the oldest write that are taken. */
    private int taken;

    private record Waiting(int length, ChannelPromise promise) {}

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf bytes = message instanceof ByteBufHolder holder
                ? holder.content()
                : message instanceof ByteBuf buffer ? buffer : Unpooled.EMPTY_BUFFER;
        written.add(message == bytes ? ByteBufUtil.hexDump(bytes) : String.valueOf(message));
        waiting.add(new Waiting(bytes.readableBytes(), promise));
        ReferenceCountUtil.release(message);
    }

    /** Completes the oldest write. */
    void takeOne() {
        taken = 0;
        waiting.remove().promise().trySuccess();
    }

    /** Takes a number of bytes, and completes the writes that are taken as a whole. */
    void take(int bytes) {
        taken += bytes;
        while (!waiting.isEmpty() && waiting.element().length() <= taken) {
            int rest = taken - waiting.element().length();
            takeOne();
            taken = rest;
        }
    }

    /** The number of writes that wait. */
    int waiting() {
        return waiting.size();
    }

    /** All writes so far, as text. */
    List<String> written() {
        return written;
    }
}
