package dev.tenon.ws.cli.netty;

import dev.tenon.ws.cli.DemoCarriers;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.netty.NettyServerBuilder;
import dev.tenon.ws.server.RouteBuilder;
import io.netty.handler.codec.quic.Quic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves the demo by ws-netty, on one event loop. Without native code for QUIC there is no HTTP/3. */
public final class NettyCarriers implements DemoCarriers {
    /** For {@link java.util.ServiceLoader}. */
    public NettyCarriers() {}

    @Override
    public Server start(
            InetSocketAddress address, Consumer<RouteBuilder<?>> routes, Function<HttpRequest, @Nullable WireTap> taps)
            throws IOException {
        NettyServerBuilder builder =
                NettyServer.builder().listen(address).loops(1).tap(taps).routes(routes);
        String problem = quicProblem();
        try (DemoKey key = DemoKey.make()) {
            builder.tls(key.certificates(), key.key());
            if (problem != null) {
                builder.http3(null);
            }
            return new Running(builder.start(), key.fingerprint(), problem);
        }
    }

    private static @Nullable String quicProblem() {
        return Quic.isAvailable()
                ? null
                : "Netty has no native code of QUIC for " + System.getProperty("os.name") + " on "
                        + System.getProperty("os.arch");
    }

    /** A running server. */
    private record Running(
            NettyServer server,
            String fingerprint,
            @Nullable String http3Problem) implements Server {
        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void stop(Duration deadline) {
            server.stop(deadline);
        }
    }
}
