package dev.tenon.ws.netty;

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
    private final Queue<ChannelPromise> waiting = new ArrayDeque<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        written.add(String.valueOf(message));
        ReferenceCountUtil.release(message);
        waiting.add(promise);
    }

    /** Completes the oldest write. */
    void takeOne() {
        waiting.remove().setSuccess();
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
