package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs handlers for Netty's {@link WebSocketFrame}s with Tenon's codec, over each version of HTTP. Accept an upgrade
 * with an object of this class, or connect a {@link NettyClient} with it:
 *
 * <pre>{@code
 * routes.route("/chat", upgrade -> upgrade.accept(FrameHandlers.of(pipeline -> pipeline.addLast(new YourHandler()))));
 * }</pre>
 *
 * <p>The handlers are added behind all others of the channel when the handshake is complete. They receive {@code
 * channelActive}, then {@link WebSocketServerProtocolHandler.HandshakeComplete} (on a client {@link
 * WebSocketClientProtocolHandler.ClientHandshakeStateEvent#HANDSHAKE_COMPLETE}), then frames, which they must release,
 * and {@code channelInactive} at the end. The channel is the channel of the connection, or of the stream with HTTP/2
 * and HTTP/3. The same applies to its attributes, its writability and its close future.
 *
 * <ul>
 *   <li>The handlers receive the same frames as behind a {@link WebSocketServerProtocolHandler} and an aggregator:
 *       whole messages, as text and binary frames. {@link #withFragments} and {@link #withControlFrames} change this.
 *   <li>Handlers can write frames of all kinds, also fragments. The promise of a write completes after a flush, when
 *       the operating system has the bytes. Frames are also sent without a flush, at the end of the event.
 *   <li>While auto-read is off, each {@code read()} delivers one frame. The connection reads up to 64 KiB ahead, so
 *       that it can respond to pings.
 *   <li>{@code close()} starts the closing handshake with 1000, unless it has started already. The future of {@code
 *       close()} completes when the channel is closed.
 *   <li>If more bytes would wait than {@link dev.tenon.ws.connection.ConnectionOptions#outboundLimit()} allows, the
 *       write fails, and the connection is closed with 1013. A handler should stop writing when the channel is not
 *       writable.
 *   <li>A protocol violation by the peer arrives as a {@link CorruptedWebSocketFrameException}. The connection itself
 *       sends the Close frame.
 * </ul>
 *
 * <p>Immutable and thread-safe; one object serves any number of connections. The executor of a route has no effect: the
 * handlers run where they were added, on the channel's event loop or on an executor of Netty.
 */
public final class FrameHandlers implements WebSocketListener {
    private final Consumer<? super ChannelPipeline> handlers;
    private final boolean fragments;
    private final boolean controlFrames;

    private FrameHandlers(Consumer<? super ChannelPipeline> handlers, boolean fragments, boolean controlFrames) {
        this.handlers = handlers;
        this.fragments = fragments;
        this.controlFrames = controlFrames;
    }

    /**
     * Creates handlers that receive whole messages.
     *
     * @param handlers adds new handlers behind the others of a pipeline, on its event loop
     * @return handlers for any number of connections
     */
    public static FrameHandlers of(Consumer<? super ChannelPipeline> handlers) {
        return new FrameHandlers(handlers, false, false);
    }

    /**
     * Returns a copy whose handlers receive messages in fragments, as they arrive: a text or binary frame, then {@link
     * ContinuationWebSocketFrame}s until the last. The fragments have the sizes in which bytes have arrived, and no
     * message is joined in memory.
     *
     * @return new handlers
     */
    public FrameHandlers withFragments() {
        return new FrameHandlers(handlers, true, controlFrames);
    }

    /**
     * Returns a copy whose handlers also receive control frames, like handlers directly behind Netty's codec: pings,
     * pongs and, before {@code channelInactive}, the peer's {@link CloseWebSocketFrame}. The connection has already
     * responded to them. If a handler writes a pong while it reads a {@link PingWebSocketFrame}, that pong is dropped.
     *
     * @return new handlers
     */
    public FrameHandlers withControlFrames() {
        return new FrameHandlers(handlers, fragments, true);
    }

    /** Creates the listener of one connection. */
    WebSocketListener on(Channel channel, Role role, @Nullable HttpRequest request) {
        FrameBridge bridge = new FrameBridge(channel, role, request, handlers, controlFrames);
        return fragments ? new FrameListener.Fragments(bridge) : new FrameListener.Messages(bridge);
    }

    /** Throws an exception, because the connection is not a connection of Netty. */
    @Override
    public void onOpen(WebSocket webSocket) {
        throw new IllegalStateException(
                "handlers of Netty need a channel of Netty: use a NettyServer or a NettyClient");
    }
}
