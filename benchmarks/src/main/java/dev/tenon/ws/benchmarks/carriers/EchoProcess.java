package dev.tenon.ws.benchmarks.carriers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that echoes binary messages, with one event loop of NIO: {@code NAME h1|h2 clear|PEM}. It prints its port,
 * and for each line of its input the bytes of its heap, after a collection, and of Netty's direct memory.
 */
public final class EchoProcess {
    private EchoProcess() {}

    /**
     * Runs until its input ends.
     *
     * @param arguments the server's name, the version of HTTP, and a file with key and certificate
     * @throws Exception if it cannot listen
     */
    public static void main(String[] arguments) throws Exception {
        boolean http2 = arguments[1].equals("h2");
        SslContext tls = arguments[2].equals("clear") ? null : Tls.server(arguments[2], http2);
        System.out.println(start(arguments[0], http2, tls));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            System.out.println(heap() + " " + directMemory());
        }
        System.exit(0);
    }

    private static int start(String name, boolean http2, @Nullable SslContext tls) throws Exception {
        return switch (name) {
            case "tenon" -> TenonEcho.start(tls);
            case "bare" -> listen(tls, http2 ? NettyEcho::addBareHttp2 : pipeline -> pipeline.addLast(new BareEcho()));
            case "netty" -> listen(tls, http2 ? NettyEcho::addHttp2 : NettyEcho::addHttp1);
            default -> throw new IllegalArgumentException("no server " + name);
        };
    }

    private static int listen(@Nullable SslContext tls, Consumer<ChannelPipeline> handlers) throws IOException {
        Channel channel = new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        if (tls != null) {
                            connection.pipeline().addLast(tls.newHandler(connection.alloc()));
                        }
                        handlers.accept(connection.pipeline());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private static long directMemory() {
        ByteBufAllocatorMetricProvider allocator = (ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT;
        return allocator.metric().usedDirectMemory();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
