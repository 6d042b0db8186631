package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.server.RouteBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the demo over HTTP/1.1, HTTP/2 and HTTP/3 on one port. Found by {@link java.util.ServiceLoader} in a module of its own,
 * because it needs Netty and native code, which most of the tool does not.
 */
public interface DemoCarriers {
    /**
     * Starts a server with TLS and a new certificate.
     *
     * @param address the address to listen on
     * @param routes adds the routes
     * @param taps creates the tap of a WebSocket, or returns null
     * @return the server; all of it runs on one thread
     * @throws IOException if the address cannot be bound
     */
    Server start(
            InetSocketAddress address, Consumer<RouteBuilder<?>> routes, Function<HttpRequest, @Nullable WireTap> taps)
            throws IOException;

    /** A running server. */
    interface Server {
        /**
         * Its port, over TCP and UDP.
         *
         * @return the actual port
         */
        int port();

        /**
         * The hash of its public key, with which Chromium can be told to trust it.
         *
         * @return SHA-256, Base64
         */
        String fingerprint();

        /**
         * The reason why HTTP/3 is not available.
         *
         * @return a sentence, or null if HTTP/3 is available
         */
        @Nullable
        String http3Problem();

        /**
         * Closes all WebSockets with 1001, and ends.
         *
         * @param deadline how long that may take
         */
        void stop(Duration deadline);
    }
}
