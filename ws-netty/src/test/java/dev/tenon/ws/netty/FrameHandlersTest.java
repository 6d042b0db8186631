package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers for Netty's frames on top of Tenon's codec, over each version of HTTP. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
class FrameHandlersTest extends FrameHandlersTestBase {
    private static final byte[] LONG = new byte[200_000];

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Like the handlers of Netty's examples, it handles one type of frame and throws for others. */
    private static final class UpperCase extends FrameLog {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (!(frame instanceof TextWebSocketFrame text)) {
                throw new UnsupportedOperationException("unsupported frame type: " + frame);
            }
            context.write(new TextWebSocketFrame(text.text().toUpperCase(Locale.ROOT)));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
            events.add("complete");
        }
    }

    @EachVersion
    void aHandlerOfTextsRunsUnchanged(HttpVersion version) throws Exception {
        UpperCase handler = new UpperCase();
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            WebSocket webSocket = connect(ends, client);
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            webSocket.sendPing(bytes(4));
            assertEquals("pong 4", client.next());
            webSocket.sendText("gr\u00fc\u00dfe");
            assertEquals("text GR\u00dcSSE", client.next());
            assertEquals("complete", handler.next());
            webSocket.close();
            assertEquals("close 1000 ", client.next());
            assertEquals("inactive", handler.next());
        }
    }

    /** Sends back the same frame object that it has read. */
    private static final class Echo extends FrameLog {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            context.writeAndFlush(frame.retain()).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    @EachVersion
    void aFrameThatWasReadCanBeWrittenAgain(HttpVersion version) throws Exception {
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(new Echo()))))) {
            WebSocket webSocket = connect(ends, client);
            webSocket.sendText("");
            webSocket.sendBinary(bytes(0));
            webSocket.sendText("hello");
            webSocket.sendBinary(ByteBuffer.wrap(LONG));
            assertEquals("text ", client.next());
            assertEquals("binary 0", client.next());
            assertEquals("text hello", client.next());
            assertEquals("binary " + LONG.length, client.next());
        }
    }

    @EachVersion
    void aMessageIsWrittenInFragmentsWithAPingBetween(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            connect(ends, client);
            ChannelHandlerContext context = handler.context();
            context.write(new TextWebSocketFrame(false, 0, text("one ")));
            context.write(new PingWebSocketFrame(text("ping")));
            context.write(new ContinuationWebSocketFrame(false, 0, text("two ")));
            context.writeAndFlush(new ContinuationWebSocketFrame(true, 0, text("three")));
            assertEquals("ping 4", client.next());
            assertEquals("text one two three", client.next());
            context.writeAndFlush(new PongWebSocketFrame(text("alone")));
            assertEquals("pong 5", client.next());
        }
    }

    @EachVersion
    void aHandlerOfFragmentsGetsTheFirstAndItsContinuations(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        FrameHandlers handlers =
                FrameHandlers.of(pipeline -> pipeline.addLast(handler)).withFragments();
        try (ServerAndClient ends = ServerAndClient.start(version, routes -> route(routes, handlers))) {
            WebSocket webSocket = connect(ends, new ClientLog());
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            webSocket.sendBinary(ByteBuffer.wrap(LONG));
            webSocket.sendText("end");
            int length = 0;
            String kind = "binary ";
            String frame;
            do {
                frame = handler.next();
                assertTrue(frame.startsWith(kind), frame);
                length += Integer.parseInt(frame.split(" ", -1)[1]);
                kind = "continuation ";
            } while (frame.endsWith(" more"));
            assertEquals(LONG.length, length);
            assertEquals("text end", handler.next());
        }
    }

    /** Like a handler directly behind Netty's codec, it answers pings and Close frames itself. */
    private static final class AllFrames extends FrameLog {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            super.channelRead0(context, frame);
            if (frame instanceof PingWebSocketFrame) {
                context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
            } else if (frame instanceof CloseWebSocketFrame) {
                context.writeAndFlush(frame.retain()).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    @EachVersion
    void aHandlerOfControlFramesSeesThemAndAnswersNothingTwice(HttpVersion version) throws Exception {
        AllFrames handler = new AllFrames();
        ClientLog client = new ClientLog();
        FrameHandlers handlers =
                FrameHandlers.of(pipeline -> pipeline.addLast(handler)).withControlFrames();
        try (ServerAndClient ends = ServerAndClient.start(version, routes -> route(routes, handlers))) {
            WebSocket webSocket = connect(ends, client);
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            webSocket.sendPing(ByteBuffer.wrap(new byte[] {'a'}));
            assertEquals("ping a", handler.next());
            webSocket.sendPong(ByteBuffer.wrap(new byte[] {'b'}));
            assertEquals("pong b", handler.next());
            assertEquals("pong 1", client.next());
            webSocket.close(new CloseCode(4001), "bye");
            assertEquals("close 4001 bye", client.next()); // without a second pong before it
            assertEquals("close 4001 bye", handler.next());
            assertEquals("inactive", handler.next());
        }
    }

    @EachVersion
    void closeIsTheClosingHandshakeAndItsFutureTheEndOfTheChannel(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            connect(ends, client);
            ChannelFuture closed = handler.context().close();
            assertEquals("close 1000 ", client.next());
            assertTrue(closed.await(60, TimeUnit.SECONDS));
            assertTrue(closed.isSuccess());
            assertFalse(handler.context().channel().isOpen());
            ChannelFuture late = handler.context().channel().writeAndFlush(new TextWebSocketFrame("late"));
            assertTrue(late.await(60, TimeUnit.SECONDS));
            assertFalse(late.isSuccess());
        }
    }

    @EachVersion
    void aCloseFrameIsWrittenWithItsCode(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            connect(ends, client);
            ChannelHandlerContext context = handler.context();
            context.write(new TextWebSocketFrame("last"));
            context.writeAndFlush(new CloseWebSocketFrame(4002, "enough")).addListener(ChannelFutureListener.CLOSE);
            assertEquals("text last", client.next());
            assertEquals("close 4002 enough", client.next());
            assertTrue(context.channel().closeFuture().await(60, TimeUnit.SECONDS));
        }
    }

    @Test
    void messagesThatAreNoFramesAreRefusedAndReleased() throws Exception {
        FrameLog handler = new FrameLog();
        try (ServerAndClient ends = ServerAndClient.start(
                HttpVersion.HTTP_1_1,
                routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            connect(ends, new ClientLog());
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            ByteBuf bytes = Unpooled.buffer().writeByte(1);
            ChannelFuture write = handler.context().channel().writeAndFlush(bytes);
            assertTrue(write.await(60, TimeUnit.SECONDS));
            assertInstanceOf(UnsupportedMessageTypeException.class, write.cause());
            expectNothing(handler);
            assertEquals(0, bytes.refCnt());
            ChannelFuture orphan =
                    handler.context().channel().writeAndFlush(new ContinuationWebSocketFrame(true, 0, text("x")));
            assertTrue(orphan.await(60, TimeUnit.SECONDS));
            assertInstanceOf(IllegalArgumentException.class, orphan.cause());
        }
    }

    @EachVersion
    void aClientRunsHandlersToo(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(new Echo()))))) {
            connect(ends, FrameHandlers.of(pipeline -> pipeline.addLast(handler)));
            assertEquals("active", handler.next());
            assertEquals("open", handler.next());
            handler.context().writeAndFlush(new TextWebSocketFrame("hello"));
            assertEquals("text hello", handler.next());
            handler.context().close();
            assertEquals("inactive", handler.next());
        }
    }

    @Test
    void aViolationOfThePeerIsANettyException() throws Exception {
        FrameLog handler = new FrameLog();
        try (NettyServer server = NettyServer.builder()
                        .routes(routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))
                        .start();
                Http1Peer peer = new Http1Peer(server.port())) {
            peer.send(Http1Peer.upgrade("/chat"));
            assertEquals("HTTP/1.1 101 Switching Protocols", peer.head().get(0));
            peer.sendHex("810548656c6c6f"); // not masked
            assertEquals("active", handler.next());
            assertEquals("open /chat null null", handler.next());
            assertEquals("broken 1002", handler.next());
            assertEquals("88", peer.hex(1), "a Close frame");
            peer.end();
            assertEquals("inactive", handler.next());
        }
    }

    @Test
    void anotherTransportHasNoChannelForThem() {
        assertThrows(
                IllegalStateException.class,
                () -> FrameHandlers.of(pipeline -> {}).onOpen((WebSocket) java.lang.reflect.Proxy.newProxyInstance(
                        WebSocket.class.getClassLoader(),
                        new Class<?>[] {WebSocket.class},
                        (proxy, method, args) -> null)));
    }
}
