package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers for Netty's frames read no more than they ask for, and are told when a peer reads slowly. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
class FrameHandlersBackpressureTest extends FrameHandlersTestBase {
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

    /** Writes more than a channel holds in one event, and closes when the channel says so. */
    private static final class ImpatientHandler extends FrameLog {
        static final int FRAMES = 100;

        @Override
        public void userEventTriggered(ChannelHandlerContext opened, Object event) {
            super.userEventTriggered(opened, event);
            if (context.isDone()) {
                for (int i = 0; i < FRAMES; i++) {
                    opened.write(
                            new BinaryWebSocketFrame(opened.alloc().buffer(1024).writeZero(1024)));
                }
                opened.flush();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            context.close();
        }
    }

    private static void routeToImpatientHandler(HostedRoutesBuilder routes) {
        route(routes, FrameHandlers.of(pipeline -> pipeline.addLast(new ImpatientHandler())));
    }

    private static void expectAllFrames(ClientLog client) throws Exception {
        for (int i = 0; i < ImpatientHandler.FRAMES; i++) {
            assertEquals("binary 1024", client.next());
        }
        assertEquals("close 1000 ", client.next());
    }

    @EachVersion
    void aHandlerThatClosesWhileTheWritabilityChangesLosesNoFrame(HttpVersion version) throws Exception {
        ClientLog client = new ClientLog();
        try (ServerAndClient ends =
                ServerAndClient.start(version, FrameHandlersBackpressureTest::routeToImpatientHandler)) {
            connect(ends, client);
            expectAllFrames(client);
        }
    }

    /** With TLS, a channel of HTTP/1.1 holds nothing before its flush. */
    @Test
    void norDoesItWithoutTls() throws Exception {
        ClientLog client = new ClientLog();
        try (NettyServer server = NettyServer.builder()
                        .routes(FrameHandlersBackpressureTest::routeToImpatientHandler)
                        .start();
                NettyClient clear = NettyClient.builder()
                        .version(HttpVersion.HTTP_1_1)
                        .extensions(Extensions.none())
                        .build()) {
            clear.connect("ws://127.0.0.1:" + server.port() + "/chat", client).get(60, TimeUnit.SECONDS);
            expectAllFrames(client);
        }
    }
}
