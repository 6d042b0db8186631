package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** OkHttp, and the server of its tests. */
final class OkHttpEcho extends WebSocketListener {
    private final EventLog eventLog;

    private OkHttpEcho(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        if (certificate != null) {
            builder.sslSocketFactory(certificate.context().getSocketFactory(), trust(certificate));
        }
        OkHttpClient client = builder.build();
        client.newWebSocket(new Request.Builder().url(url).build(), new OkHttpEcho(eventLog));
        return () -> {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        };
    }

    private static X509TrustManager trust(Certificate certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("peer", certificate.key().certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    static Peer.RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        MockWebServer server = new MockWebServer();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .webSocketUpgrade(new OkHttpEcho(eventLog))
                        .build();
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
        return new Peer.RunningServer(server.getPort(), server::close);
    }

    private static Echo echo(WebSocket socket) {
        return new Echo() {
            @Override
            void send(String text) {
                socket.send(text);
            }

            @Override
            void close(int code, String reason) {
                socket.close(code, reason);
            }
        };
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        echo(socket).onText(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
        socket.send(bytes);
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        eventLog.closed(code, reason);
        socket.close(code, reason);
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
        eventLog.add("failed " + failure.getMessage());
    }
}
