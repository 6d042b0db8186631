package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Netty has no memory for what a connection writes: that connection ends, and the others of its loop are not affected. */
class NoMemoryTest {
    private static final String HI = "8182" + "00000000" + "6869";
    private static final String HI_BACK = "8102" + "6869";

    /** An allocator that has memory for short buffers, those of the output, only while the test allows it. */
    private static final class Bounded extends AbstractByteBufAllocator {
        private static final int SHORT = 1024;

        volatile boolean empty;

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (empty && initialCapacity < SHORT) {
                throw new OutOfMemoryError("no direct memory");
            }
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<Bounded> allocators = new LinkedBlockingQueue<>();
    private final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    private final HostedRoutes routes = HostedRoutes.builder()
            .route(
                    "/",
                    upgrade -> upgrade.accept(new WebSocketListener() {
                        @Override
                        public void onText(WebSocket webSocket, String text) {
                            webSocket.sendText(text);
                        }

                        @Override
                        public void onClose(WebSocket webSocket, CloseEvent event) {
                            closed.complete(event);
                        }
                    }))
            .build();
    private Channel listening;

    @BeforeEach
    void listen() {
        listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Bounded allocator = new Bounded();
                        channel.config().setAllocator(allocator);
                        allocators.add(allocator);
                        channel.pipeline().addLast(new HttpServerCodec(), new WebSocketHandler(routes));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    @AfterEach
    void end() {
        listening.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Http1Peer connect() throws Exception {
        Http1Peer peer = new Http1Peer(((InetSocketAddress) listening.localAddress()).getPort());
        peer.send(Http1Peer.upgrade("/"));
        peer.head();
        return peer;
    }

    private static void exchange(Http1Peer peer) throws Exception {
        peer.sendHex(HI);
        assertEquals(HI_BACK, peer.hex(4));
    }

    @Test
    void aConnectionEndsAndTheOthersOfItsLoopGoOn() throws Exception {
        try (Http1Peer poor = connect()) {
            Bounded memory = Objects.requireNonNull(allocators.poll(60, TimeUnit.SECONDS));
            exchange(poor); // from the second message on, the loop's array gathers the bytes
            memory.empty = true;
            poor.sendHex(HI);
            assertTrue(poor.isEnded());
            assertEquals(
                    CloseCode.ABNORMAL_CLOSURE, closed.get(60, TimeUnit.SECONDS).code());
        }
        try (Http1Peer rich = connect()) {
            for (int i = 0; i < 3; i++) {
                exchange(rich);
            }
        }
    }

    @Test
    void theArrayOfTheLoopIsGivenBackOnce() {
        Bounded memory = new Bounded();
        OutputScratch scratch = new OutputScratch();
        Http1Carrier carrier = new Http1Carrier();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        channel.pipeline().addLast(carrier);
        ChannelOutput output = new ChannelOutput(carrier, () -> {}, scratch);
        output.reserve(10).putShort((short) 0);
        output.flush();
        output.gather();
        output.reserve(10).putShort((short) 0);
        assertNull(scratch.take(), "the output has the array");
        memory.empty = true;
        assertThrows(OutOfMemoryError.class, output::flush);
        assertNotNull(scratch.take(), "the output has given the array back");
        output.release();
        assertNull(scratch.take(), "two connections have the array");
        channel.releaseOutbound();
    }
}
