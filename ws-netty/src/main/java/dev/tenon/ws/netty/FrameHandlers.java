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
 * Runs handlers that were written for Netty's {@link WebSocketFrame}s above Tenon's codec, over each version of HTTP. Accept an
 * upgrade with it, or connect a {@link NettyClient} with it:
 *
 * <pre>{@code
 * routes.route("/chat", upgrade -> upgrade.accept(FrameHandlers.of(pipeline -> pipeline.addLast(new YourHandler()))));
 * }</pre>
 *
 * <p>The handlers are added behind all others of the channel when the handshake is complete. They get {@code channelActive},
 * then {@link WebSocketServerProtocolHandler.HandshakeComplete} (on a client {@link
 * WebSocketClientProtocolHandler.ClientHandshakeStateEvent#HANDSHAKE_COMPLETE}), then frames, which are theirs to release, and
 * {@code channelInactive} at the end. The channel is that of the connection, or that of a stream of HTTP/2 or HTTP/3, and so are
 * its attributes, its writability and its close future.
 *
 * <ul>
 *   <li>What comes is as behind a {@link WebSocketServerProtocolHandler} and an aggregator: whole messages, as text and binary
 *       frames. See {@link #withFragments} and {@link #withControlFrames}.
 *   <li>Frames of all kinds can be written, fragments too. The promise of a write is kept when the bytes have been handed to
 *       the operating system, after a flush. Frames leave at the end of the event also without one.
 *   <li>While auto-read is off, each {@code read()} brings one frame. Up to 64 KiB are read ahead, so that pings are answered.
 *   <li>{@code close()} begins the closing handshake with 1000, unless it has begun; its future completes when the channel is
 *       closed.
 *   <li>Where more would wait than {@link dev.tenon.ws.connection.ConnectionOptions#outboundLimit()}, a write fails, and the
 *       connection is closed with 1013: a handler stops when the channel is not writable.
 *   <li>What a peer does wrong arrives as a {@link CorruptedWebSocketFrameException}; the Close frame is sent without the
 *       handlers.
 * </ul>
 *
 * <p>Immutable and thread-safe; one for any number of connections. The executor of a route does not count: the handlers run where
 * they were added, on the channel's event loop or on an executor of Netty's.
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
     * Handlers of whole messages.
     *
     * @param handlers adds new handlers behind the others of a pipeline, on its event loop
     * @return handlers for any number of connections
     */
    public static FrameHandlers of(Consumer<? super ChannelPipeline> handlers) {
        return new FrameHandlers(handlers, false, false);
    }

    /**
     * The same for handlers that take messages in fragments, as they come: a text or binary frame, then
     * {@link ContinuationWebSocketFrame}s until the last. The bounds are those in which bytes have arrived, and no message is
     * joined in memory.
     *
     * @return new handlers
     */
    public FrameHandlers withFragments() {
        return new FrameHandlers(handlers, true, controlFrames);
    }

    /**
     * The same for handlers that take control frames too, as they stand directly behind Netty's codec: pings and pongs, and,
     * before {@code channelInactive}, the peer's {@link CloseWebSocketFrame}. All have been answered already: a pong that
     * is written while a {@link PingWebSocketFrame} is read is dropped.
     *
     * @return new handlers
     */
    public FrameHandlers withControlFrames() {
        return new FrameHandlers(handlers, fragments, true);
    }

    /** The listener of one connection. */
    WebSocketListener on(Channel channel, Role role, @Nullable HttpRequest request) {
        FrameBridge bridge = new FrameBridge(channel, role, request, handlers, controlFrames);
        return fragments ? new FrameListener.Fragments(bridge) : new FrameListener.Messages(bridge);
    }

    /** Called where the connection is not Netty's. */
    @Override
    public void onOpen(WebSocket webSocket) {
        throw new IllegalStateException(
                "handlers of Netty need a channel of Netty: use a NettyServer or a NettyClient");
    }
}
