package dev.tenon.ws.client.jdk;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Makes builders of {@code java.net.http} WebSockets that a {@link WebSocketClient} connects: for code that is written for
 * the JDK's client. All that the client is set to holds for them too: extensions, limits, keepalive, TLS, proxies.
 *
 * <p>The contract is that of {@link WebSocket}, {@link WebSocket.Builder} and {@link WebSocket.Listener}. Buffers and
 * texts given to a listener are its own to keep. The limits and deadlines are those of the client that is given: a client of
 * {@link #clientBuilder()} has the JDK's, which are hardly any; one of {@link WebSocketClient#builder()} has Tenon's.
 *
 * <p>What differs from the JDK's client with any Tenon client:
 * <ul>
 *   <li>A Close frame is answered at once, with its own code, not when the stage that {@code onClose} has returned
 *       completes; from then on the output is closed. {@code onClose} is called when the connection has ended, or the
 *       client's close timeout has passed.
 *   <li>Up to 64 KiB are read ahead of the demand, and again as much by the connection, so that pings are answered
 *       meanwhile. Where more waits, pings and pongs may overtake messages; of those that wait themselves the first 64
 *       are told. Pongs that answer the client's keepalive are not told.
 *   <li>A listener that throws ends the connection with 1011; the JDK's drops it. {@code onError} comes behind what was
 *       received before, when that was asked for.
 *   <li>A send's future may fail although the bytes have left, if the connection ends right behind them without Close
 *       frames.
 *   <li>A connect that fails is not tried again; the JDK's may do so if the server ends without a response.
 *   <li>{@code header} rejects {@code Proxy-Authorization}: an {@link java.net.Authenticator} of the client has it.
 *   <li>{@code User-Agent} is {@code Tenon/} and the version; {@code header} sets another one.
 *   <li>URIs are read as browsers read them; {@code java.net.URI} refuses most of what that means before.
 *   <li>Authentication: Digest too; Basic is answered for tunnels of {@code https} too, which the JDK disables
 *       ({@code jdk.http.auth.tunneling.disabledSchemes}): see {@link WebSocketClient.Builder#authPolicy}.
 *   <li>Redirects, where the client follows them, go to {@code ws} and {@code wss} URIs too, and carry no header of the
 *       request to another origin.
 *   <li>A response that {@link java.net.http.WebSocketHandshakeException} shows has a body of at most 8 KiB, no TLS session
 *       and no previous response, and its request holds the URI alone.
 *   <li>A message is at most {@value dev.tenon.ws.connection.ConnectionOptions#MAX_MESSAGE_LENGTH} bytes long; the JDK's has
 *       no bound for all pieces together.
 * </ul>
 *
 * <p>What differs with Tenon's own limits, and not with {@link #clientBuilder()}:
 * <ul>
 *   <li>Compression is offered if {@code ws-permessage-deflate} is there.
 *   <li>A message of more than 1 MiB ends the connection with 1009.
 *   <li>A peer that is silent is sent pings, and aborted if it stays silent.
 *   <li>A deadline of the client, such as {@link WebSocketClient.Builder#handshakeTimeout}, counts beside
 *       {@code connectTimeout}; when it passes, {@code buildAsync} fails with a
 *       {@link java.net.SocketTimeoutException}.
 *   <li>One connect to a host and port is under way at a time (RFC 6455 §4.1), and 128 of a client.
 *   <li>The head of a response is at most 64 KiB long; the JDK's limit is 384 KiB.
 * </ul>
 */
public final class JdkWebSockets {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private JdkWebSockets() {}

    /** The client of those who bring none; runs as long as the process. */
    private static final class Shared {
        static final WebSocketClient CLIENT = client();

        private static WebSocketClient client() {
            try {
                return clientBuilder().build();
            } catch (IOException noSelector) {
                throw new UncheckedIOException(noSelector);
            }
        }
    }

    /**
     * Describes a client that has the limits of the JDK's: no compression, no keepalive, no deadline for connecting but
     * {@code connectTimeout}, any number of connects at a time, messages of any length that fits, heads of 384 KiB. All of
     * it can be set otherwise.
     *
     * @return a builder
     */
    public static WebSocketClient.Builder clientBuilder() {
        return WebSocketClient.builder()
                .options(ConnectionOptions.DEFAULT
                        .withMaxMessageLength(ConnectionOptions.MAX_MESSAGE_LENGTH)
                        .withWriteTimeout(FOREVER)
                        .withKeepalive(Duration.ZERO, ConnectionOptions.DEFAULT.pongTimeout()))
                .extensions(Extensions.none())
                .responseLimits(new HeadLimits(384 * 1024, 384 * 1024, Integer.MAX_VALUE))
                .connectsPerHost(Integer.MAX_VALUE)
                .maxConnecting(Integer.MAX_VALUE)
                .timeout(FOREVER)
                .resolveTimeout(FOREVER)
                .connectTimeout(FOREVER)
                .handshakeTimeout(FOREVER)
                .handlerTimeout(FOREVER);
    }

    /**
     * Stands where {@code HttpClient.newHttpClient().newWebSocketBuilder()} stood: with one client for the process, which
     * has the JDK's limits, see {@link #clientBuilder()}.
     *
     * @return a builder; not thread-safe
     * @throws UncheckedIOException if the system has no selector left
     */
    public static WebSocket.Builder newWebSocketBuilder() {
        return newWebSocketBuilder(Shared.CLIENT);
    }

    /**
     * Stands where {@link HttpClient#newWebSocketBuilder()} stood. Listeners are called, and futures completed, on daemon
     * threads that come and go as they are needed, so that they may block.
     *
     * @param client connects; not closed with the WebSockets
     * @return a builder; not thread-safe
     */
    public static WebSocket.Builder newWebSocketBuilder(WebSocketClient client) {
        return newWebSocketBuilder(client, Threads.executor());
    }

    /**
     * As {@link #newWebSocketBuilder(WebSocketClient)}, with the executor that {@link HttpClient.Builder#executor} would
     * have been given.
     *
     * @param client connects; not closed with the WebSockets
     * @param executor calls listeners, those of one connection one at a time and in order, and completes futures. If it
     *     rejects a call, the connection is aborted, and {@code onError} called by the thread at hand
     * @return a builder; not thread-safe
     */
    public static WebSocket.Builder newWebSocketBuilder(WebSocketClient client, Executor executor) {
        return new ClientBuilder(client, executor);
    }
}
