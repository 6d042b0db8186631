package dev.tenon.ws.conformance.strangers;

import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.junit.jupiter.api.Tag;

/** OkHttp against Tenon's server. It always offers compression, and sends its pings itself. */
@Tag("once")
class OkHttpTest extends ClientContract {
    private OkHttpClient http = new OkHttpClient();

    @Override
    void begin(KeyStore trusted) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        http = new OkHttpClient.Builder()
                .sslSocketFactory(context.getSocketFactory(), (X509TrustManager) trust.getTrustManagers()[0])
                .minWebSocketMessageToCompress(0)
                .pingInterval(Duration.ofSeconds(5)) // also the longest wait for a pong, which may be behind a megabyte
                .build();
    }

    @Override
    void stop() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    @Override
    Peer connect(String url, boolean deflate) throws Exception {
        return new OkHttpPeer(http, url);
    }

    @Override
    Peer connectForPings(String url, boolean deflate) throws Exception {
        return new OkHttpPeer(
                http.newBuilder().pingInterval(Duration.ofSeconds(1)).build(), url);
    }

    private static final class OkHttpPeer extends WebSocketListener implements Peer {
        private final Events events = new Events();
        private final CompletableFuture<Response> opened = new CompletableFuture<>();
        private final WebSocket socket;
        private final Response response;

        OkHttpPeer(OkHttpClient http, String url) throws Exception {
            socket = http.newWebSocket(new Request.Builder().url(url).build(), this);
            response = opened.get(20, TimeUnit.SECONDS);
        }

        @Override
        public Events events() {
            return events;
        }

        @Override
        public String agreed() {
            return Objects.requireNonNullElse(response.header("Sec-WebSocket-Extensions"), "");
        }

        @Override
        public void text(String text) {
            if (!socket.send(text)) {
                events.add("not sent");
            }
        }

        @Override
        public void binary(byte[] data) {
            if (!socket.send(ByteString.of(data))) {
                events.add("not sent");
            }
        }

        @Override
        public boolean ping(String payload) {
            return false;
        }

        @Override
        public void close(int code, String reason) {
            socket.close(code, reason);
        }

        @Override
        public void close() {
            socket.cancel();
        }

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            opened.complete(response);
        }

        @Override
        public void onMessage(WebSocket webSocket, String text) {
            events.add(received(text));
        }

        @Override
        public void onMessage(WebSocket webSocket, ByteString bytes) {
            events.add(received(bytes.toByteArray()));
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            webSocket.close(code, reason);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            events.add("close " + code + " " + reason);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable failure, Response response) {
            opened.completeExceptionally(failure);
            events.add("failure " + failure);
        }
    }
}
