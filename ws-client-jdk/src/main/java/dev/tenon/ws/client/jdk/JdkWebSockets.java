package dev.tenon.ws.client.jdk;

import dev.tenon.ws.client.WebSocketClient;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.Executor;

/**
 * Makes builders of {@code java.net.http} WebSockets that a {@link WebSocketClient} connects: for code that is written for
 * the JDK's client. All that the client is set to holds for them too: extensions, limits, keepalive, TLS, proxies.
 *
 * <p>The contract is that of {@link WebSocket}, {@link WebSocket.Builder} and {@link WebSocket.Listener}. Buffers and
 * texts given to a listener are its own to keep. What differs from the JDK's client:
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
 *   <li>A deadline of the client, such as {@link WebSocketClient.Builder#handshakeTimeout}, counts beside
 *       {@code connectTimeout}; when it passes, {@code buildAsync} fails with a
 *       {@link java.net.SocketTimeoutException}.
 *   <li>A connect that fails is not tried again; the JDK's may do so if the server ends without an answer.
 *   <li>{@code header} rejects {@code Proxy-Authorization}: an {@link java.net.Authenticator} of the client has it.
 * </ul>
 */
public final class JdkWebSockets {
    private JdkWebSockets() {}

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
