package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.deflate.DeflateOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's client against Tenon's server. It takes {@code client_no_context_takeover} in an answer for a word on what it
 * receives, and goes on referring to earlier messages (against RFC 7692 §7.1.1.2): so the server here does not ask for it.
 */
class JettyClientTest extends ClientContract {
    private WebSocketClient client = new WebSocketClient();

    @Override
    void begin(KeyStore trusted) throws Exception {
        SslContextFactory.Client tls = new SslContextFactory.Client();
        tls.setTrustStore(trusted);
        HttpClient http = new HttpClient();
        http.setSslContextFactory(tls);
        client = new WebSocketClient(http);
        client.setMaxTextMessageSize(16 << 20);
        client.setMaxBinaryMessageSize(16 << 20);
        client.start();
    }

    @Override
    void stop() throws Exception {
        client.stop();
    }

    @Override
    DeflateOptions deflate() {
        return super.deflate().withTakeover(true, true);
    }

    @Override
    Peer connect(String url, boolean deflate) throws Exception {
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url));
        if (deflate) {
            request.addExtensions("permessage-deflate");
        }
        JettyPeer peer = new JettyPeer();
        peer.session = client.connect(peer, request).get(20, TimeUnit.SECONDS);
        return peer;
    }

    /** Public, as Jetty asks for. */
    public static final class JettyPeer implements Session.Listener.AutoDemanding, Peer {
        private final Events events = new Events();
        private @Nullable Session session;

        private Session session() {
            return Objects.requireNonNull(session, "not connected");
        }

        @Override
        public Events events() {
            return events;
        }

        @Override
        public String agreed() {
            return Objects.requireNonNullElse(session().getUpgradeResponse().getHeader("Sec-WebSocket-Extensions"), "");
        }

        @Override
        public void text(String text) {
            session().sendText(text, Callback.NOOP);
        }

        @Override
        public void binary(byte[] data) {
            session().sendBinary(ByteBuffer.wrap(data), Callback.NOOP);
        }

        @Override
        public boolean ping(String payload) {
            session().sendPing(ByteBuffer.wrap(payload.getBytes(UTF_8)), Callback.NOOP);
            return true;
        }

        @Override
        public void close(int code, String reason) {
            session().close(code, reason, Callback.NOOP);
        }

        @Override
        public void close() {
            session().disconnect();
        }

        @Override
        public void onWebSocketText(String text) {
            events.add(received(text));
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback taken) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            taken.succeed();
            events.add(received(bytes));
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            events.add("pong " + UTF_8.decode(payload));
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback seen) {
            seen.succeed();
            events.add("close " + code + " " + Objects.requireNonNullElse(reason, ""));
        }
    }
}
