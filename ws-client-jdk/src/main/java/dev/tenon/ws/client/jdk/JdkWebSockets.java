package dev.tenon.ws.client.jdk;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HeadLimits;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Creates builders of {@code java.net.http} WebSockets that a {@link WebSocketClient} connects, for code that is
 * written for the JDK's client. All settings of the client apply: extensions, limits, keepalive, TLS, proxies.
 *
 * <p>The contract is that of {@link WebSocket}, {@link WebSocket.Builder} and {@link WebSocket.Listener}. A listener
 * may keep its buffers and texts. The limits and timeouts are those of the given client: a client of {@link
 * #clientBuilder()} has the few of the JDK, one of {@link WebSocketClient#builder()} has Tenon's.
 *
 * <p>Differences from the JDK's client, with any Tenon client:
 * <ul>
 * <li>A Close frame gets its response at once, with the same code, not when the stage of {@code onClose} completes;
 * then the output is closed. {@code onClose} is called when the connection has ended, or after the client's close
 * timeout.
 * <li>Up to 64 KiB are read ahead of the demand, and as much again by the connection, so that pings get responses. If
 * more waits, pings and pongs may overtake messages; if many of them wait, only the first 64 are reported. Pongs in
 * response to the client's keepalive are not reported.
 * <li>If a listener throws, the connection ends with 1011; the JDK's client drops it. {@code onError} follows the
 * messages that were received before, after they were requested.
 * <li>A send's future may fail although the bytes were sent, if the connection ends right behind them without Close
 * frames.
 * <li>A failed connect is not tried again; the JDK's client may try again if the server ends without a response.
 * <li>{@code header} rejects {@code Proxy-Authorization}: use an {@link java.net.Authenticator} of the client.
 *   <li>{@code User-Agent} is {@code Tenon/} and the version; {@code header} sets another one.
 * <li>URIs are read as browsers read them, as far as {@code java.net.URI} accepts them.
 * <li>Authentication supports Digest too, and Basic for tunnels of {@code https}, which the JDK disables
 *       ({@code jdk.http.auth.tunneling.disabledSchemes}): see {@link WebSocketClient.Builder#authPolicy}.
 * <li>If the client follows redirects, it also follows those to {@code ws} and {@code wss} URIs, and sends no header of
 * the request to another origin.
 * <li>The response in a {@link java.net.http.WebSocketHandshakeException} has a body of at most 8 KiB, no TLS session
 * and no previous response, and its request has only the URI.
 * <li>A message is at most {@value dev.tenon.ws.connection.ConnectionOptions#MAX_MESSAGE_LENGTH} bytes long; the JDK's
 * client has no limit for a message in pieces.
 * </ul>
 *
 * <p>Differences with Tenon's own limits, but not with {@link #clientBuilder()}:
 * <ul>
 * <li>The client offers compression if {@code ws-permessage-deflate} is present.
 *   <li>A message of more than 1 MiB ends the connection with 1009.
 * <li>The client sends pings to a silent peer, and aborts the connection if it stays silent.
 * <li>A timeout of the client, such as {@link WebSocketClient.Builder#handshakeTimeout}, counts in addition to
 *       {@code connectTimeout}; after it {@code buildAsync} fails with a {@link java.net.SocketTimeoutException}.
 * <li>One connect to a host and port runs at a time (RFC 6455 §4.1), and 128 of a client.
 *   <li>The head of a response is at most 64 KiB long; the JDK's limit is 384 KiB.
 * </ul>
 */
public final class JdkWebSockets {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** Its client runs as long as the process. */
    private static final DefaultClient DEFAULT =
            new DefaultClient(() -> clientBuilder().build());

    private JdkWebSockets() {}

    /**
     * Begins to build a client with the limits of the JDK's: no compression, no keepalive, no timeout for connecting
     * except {@code connectTimeout}, any number of connects at a time, messages of any length that fits, heads of 384
     * KiB. The builder can change all of them.
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
     * Replaces {@code HttpClient.newHttpClient().newWebSocketBuilder()}. It uses one client for the process, with the
     * JDK's limits, see {@link #clientBuilder()}. If its event loop has failed, it uses a new one.
     *
     * @return a builder; not thread-safe
     * @throws UncheckedIOException if the operating system cannot open a selector
     */
    public static WebSocket.Builder newWebSocketBuilder() {
        return newWebSocketBuilder(DEFAULT.get());
    }

    /**
     * Replaces {@link HttpClient#newWebSocketBuilder()}. Listeners are called, and futures completed, on daemon threads
     * that are created as needed, so they may block.
     *
     * @param client connects; it is not closed with the WebSockets
     * @return a builder; not thread-safe
     */
    public static WebSocket.Builder newWebSocketBuilder(WebSocketClient client) {
        return newWebSocketBuilder(client, Threads.executor());
    }

    /**
     * Like {@link #newWebSocketBuilder(WebSocketClient)}, with an executor as in {@link HttpClient.Builder#executor}.
     *
     * @param client connects; it is not closed with the WebSockets
     * @param executor calls listeners, those of one connection one at a time and in order, and completes futures. If it
     *     rejects a call, the connection is aborted, and the current thread calls {@code onError}
     * @return a builder; not thread-safe
     */
    public static WebSocket.Builder newWebSocketBuilder(WebSocketClient client, Executor executor) {
        return new ClientBuilder(client, executor);
    }
}
