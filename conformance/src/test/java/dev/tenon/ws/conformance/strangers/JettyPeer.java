package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/** A connection of Jetty's client. Public, because Jetty requires it. */
public final class JettyPeer implements Session.Listener.AutoDemanding, ClientContract.Peer {
    private final Events events = new Events();
    private @Nullable Session session;

    static JettyPeer connect(WebSocketClient client, ClientUpgradeRequest request) throws Exception {
        return connect(client, request, new JettyUpgradeListener() {});
    }

    /**
     * Connects over HTTP/2. For a moment after the session is open, Jetty reads the content of the response and drops
     * it: a message that comes in this moment is lost. With a content listener that reads nothing, this does not
     * happen.
     */
    static JettyPeer connectByHttp2(WebSocketClient client, ClientUpgradeRequest request) throws Exception {
        return connect(client, request, new JettyUpgradeListener() {
            @Override
            public void onHandshakeRequest(Request handshake) {
                handshake.onResponseContentSource((response, content) -> {});
            }
        });
    }

    private static JettyPeer connect(
            WebSocketClient client, ClientUpgradeRequest request, JettyUpgradeListener listener) throws Exception {
        JettyPeer peer = new JettyPeer();
        peer.session = client.connect(peer, request, listener).get(20, TimeUnit.SECONDS);
        return peer;
    }

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

    String subprotocol() {
        return Objects.requireNonNullElse(session().getUpgradeResponse().getAcceptedSubProtocol(), "");
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
        events.add(ClientContract.received(text));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback taken) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        taken.succeed();
        events.add(ClientContract.received(bytes));
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
