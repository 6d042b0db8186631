package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Jetty. Public, because Jetty calls it by a method handle. */
public final class JettyEcho extends Session.Listener.AbstractAutoDemanding {
    private final EventLog eventLog;

    private JettyEcho(EventLog eventLog) {
        this.eventLog = eventLog;
    }

    static Peer.Client client(boolean deflate) {
        return (url, eventLog, certificate) -> connect(url, eventLog, deflate);
    }

    /**
     * Connects over HTTP/2 without TLS, which the server is known to speak. Without a listener that ignores the content
     * of the response, Jetty drops messages that come directly after it.
     */
    static Stop connectByHttp2(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
        JettyUpgradeListener listener = new JettyUpgradeListener() {
            @Override
            public void onHandshakeRequest(Request handshake) {
                handshake.onResponseContentSource((response, content) -> {});
            }
        };
        return connect(new WebSocketClient(http), listener, url, eventLog, false);
    }

    private static Stop connect(String url, EventLog eventLog, boolean deflate) throws Exception {
        return connect(new WebSocketClient(), new JettyUpgradeListener() {}, url, eventLog, deflate);
    }

    private static Stop connect(
            WebSocketClient client, JettyUpgradeListener listener, String url, EventLog eventLog, boolean deflate)
            throws Exception {
        client.start();
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url));
        if (deflate) {
            request.addExtensions("permessage-deflate");
        }
        CompletableFuture<Session> connected = client.connect(new JettyEcho(eventLog), request, listener);
        return () -> {
            connected.cancel(false);
            client.stop();
        };
    }

    static Peer.RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/", (request, response, callback) -> new JettyEcho(eventLog))));
        server.start();
        return new Peer.RunningServer(connector.getLocalPort(), server::stop);
    }

    private Echo echo() {
        Session session = getSession();
        return new Echo() {
            @Override
            void send(String text) {
                session.sendText(text, Callback.NOOP);
            }

            @Override
            void close(int code, String reason) {
                session.close(code, reason, Callback.NOOP);
            }

            @Override
            boolean ping(byte[] payload) {
                session.sendPing(ByteBuffer.wrap(payload), Callback.NOOP);
                return true;
            }

            @Override
            boolean fragments(String... pieces) throws Exception {
                for (int i = 0; i < pieces.length; i++) {
                    Callback.Completable sent = new Callback.Completable();
                    session.sendPartialText(pieces[i], i == pieces.length - 1, sent);
                    sent.get();
                }
                return true;
            }
        };
    }

    @Override
    public void onWebSocketText(String text) {
        echo().onText(text);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        getSession().sendBinary(payload, callback);
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        eventLog.closed(code, reason);
        callback.succeed();
    }
}
