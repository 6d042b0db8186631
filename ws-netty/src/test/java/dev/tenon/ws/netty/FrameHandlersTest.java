package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers for Netty's frames on top of Tenon's codec, over each version of HTTP. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
@ExtendWith(Leaks.class)
class FrameHandlersTest {
    private static final byte[] LONG = new byte[200_000];

    /** A test for each version. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    @interface EachVersion {}

    /** Records the events of a client as text. */
    private static final class ClientLog implements WebSocketListener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final long demand;

        ClientLog() {
            this(Long.MAX_VALUE);
        }

        ClientLog(long demand) {
            this.demand = demand;
        }

        @Override
        public long initialDemand() {
            return demand;
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            events.add("text " + text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            events.add("binary " + data.remaining());
        }

        @Override
        public void onPing(WebSocket webSocket, ByteBuffer payload) {
            events.add("ping " + payload.remaining());
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + payload.remaining());
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            events.add("close " + event.code().value() + " " + event.reason() + (event.wasClean() ? "" : "unclean"));
        }

        String next() throws InterruptedException {
            return String.valueOf(events.poll(60, TimeUnit.SECONDS));
        }
    }

    private static void route(HostedRoutesBuilder routes, FrameHandlers handlers) {
        routes.route("/chat", upgrade -> upgrade.accept(handlers), options -> options.subprotocols("chat"));
    }

    private static WebSocket connect(ServerAndClient ends, WebSocketListener listener) throws Exception {
        return ends.client()
                .connect(
                        WebSocketUri.parse(ends.uri("/chat?room=1")),
                        handshake -> handshake.subprotocols(List.of("chat")).header("X-Token", "t"),
                        listener)
                .get(60, TimeUnit.SECONDS);
    }

    /** Checks that there is no event, even after the event loop has run its tasks. */
    private static void expectNothing(FrameLog handler) throws Exception {
        handler.context().executor().submit(() -> {}).sync();
        assertNull(handler.events.poll());
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length);
    }

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

    /** Stops reading as soon as the connection is open. */
    private static final class PausedHandler extends FrameLog {
        @Override
        public void userEventTriggered(ChannelHandlerContext opened, Object event) {
            opened.channel().config().setAutoRead(false);
            super.userEventTriggered(opened, event);
        }
    }

    @EachVersion
    void withoutAutoReadEachReadBringsOneFrame(HttpVersion version) throws Exception {
        PausedHandler handler = new PausedHandler();
        ClientLog client = new ClientLog();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            WebSocket webSocket = connect(ends, client);
            ChannelHandlerContext context = handler.context();
            webSocket.sendPing(bytes(3));
            assertEquals("pong 3", client.next()); // read ahead
            int sent = 40; // more than the window of a stream
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(webSocket, sent));
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            expectNothing(handler);
            for (int i = 0; i < 3; i++) {
                context.read();
                assertEquals("binary 16384 bytes", handler.next());
            }
            expectNothing(handler);
            context.channel().config().setAutoRead(true);
            for (int i = 3; i < sent; i++) {
                assertEquals("binary 16384 bytes", handler.next());
            }
            sending.get(60, TimeUnit.SECONDS);
        }
    }

    private static void send(WebSocket webSocket, int messages) {
        try {
            for (int i = 0; i < messages; i++) {
                webSocket.sendBlocking(Message.binary(bytes(16 * 1024)));
            }
        } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    /** Writes while the channel is writable, and continues when it is writable again. */
    private static final class StreamingHandler extends FrameLog {
        static final int LENGTH = 16 * 1024;
        final List<ChannelFuture> writes = new ArrayList<>();
        private final int total;

        StreamingHandler(int total) {
            this.total = total;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext opened, Object event) {
            super.userEventTriggered(opened, event);
            if (context.isDone()) {
                write(opened);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            write(context);
        }

        private void write(ChannelHandlerContext context) {
            while (writes.size() < total && context.channel().isWritable()) {
                writes.add(context.writeAndFlush(
                        new BinaryWebSocketFrame(context.alloc().buffer(LENGTH).writeZero(LENGTH))));
            }
            if (writes.size() < total) {
                events.add("stopped");
            } else {
                events.add("done");
            }
        }
    }

    @EachVersion
    void aPeerThatIsSlowMakesTheChannelUnwritable(HttpVersion version) throws Exception {
        int total = 512; // 8 MiB
        StreamingHandler handler = new StreamingHandler(total);
        ClientLog client = new ClientLog(0);
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            WebSocket webSocket = connect(ends, client);
            handler.context();
            assertEquals("active", handler.next());
            assertEquals("open /chat?room=1 chat t", handler.next());
            assertEquals("stopped", handler.next());
            webSocket.request(Long.MAX_VALUE);
            for (int i = 0; i < total; i++) {
                assertEquals("binary " + StreamingHandler.LENGTH, client.next());
            }
            for (ChannelFuture write : handler.writes) {
                assertTrue(write.await(60, TimeUnit.SECONDS));
                assertTrue(write.isSuccess(), () -> "failed: " + write.cause());
            }
        }
    }

    @EachVersion
    void aWriterThatIgnoresTheBacklogEndsTheConnectionAndIsNotified(HttpVersion version) throws Exception {
        FrameLog handler = new FrameLog();
        ClientLog client = new ClientLog(0);
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(handler))))) {
            WebSocket webSocket = connect(ends, client);
            ChannelHandlerContext context = handler.context();
            ChannelFuture write;
            int tries = 0;
            do {
                write = context.channel()
                        .writeAndFlush(new BinaryWebSocketFrame(
                                Unpooled.buffer(64 * 1024).writeZero(64 * 1024)));
                context.channel().eventLoop().submit(() -> {}).sync();
                assertTrue(++tries < 5000, "nothing is ever refused");
            } while (!write.isDone() || write.isSuccess());
            webSocket.request(Long.MAX_VALUE);
            String event;
            do {
                event = client.next();
            } while (event.startsWith("binary"));
            assertEquals("close 1013 ", event);
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
