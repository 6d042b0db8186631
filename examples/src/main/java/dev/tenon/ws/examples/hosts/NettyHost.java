package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.netty.NettyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The same echo server in Netty, by ws-netty: it speaks HTTP/1.1 and HTTP/2 on one port, in the clear; with a certificate, TLS and
 * HTTP/3 too. The first argument is the port, 0 for any; the actual one is printed.
 */
public final class NettyHost {
    private NettyHost() {}

    /**
     * Serves until the process is ended.
     *
     * @param args the port
     * @throws IOException if it cannot listen
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String... args) throws IOException, InterruptedException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        try (NettyServer server = NettyServer.builder()
                .listen(address)
                .routes(routes -> routes
                        // Echo requests a message while up to 64 KiB wait, and the message may be 1 MiB long
                        .options(options -> options.withOutbound(64 * 1024, 2 << 20))
                        .route("/{path...}", upgrade -> upgrade.accept(new Echo())))
                .start()) {
            System.out.println(server.port());
            Thread.currentThread().join();
        }
    }
}
