package dev.tenon.ws.conformance.strangers;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Jetty's server. */
class JettyServerTest extends ServerContract {
    @Override
    RunningServer start(@Nullable SSLContext tls) throws Exception {
        Server server = new Server();
        ServerConnector connector =
                tls == null ? new ServerConnector(server, 1, 1) : new ServerConnector(server, 1, 1, factory(tls));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, JettyServerTest::map));
        server.start();
        return new RunningServer(connector.getLocalPort(), server::stop);
    }

    private static SslContextFactory.Server factory(SSLContext tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(tls);
        return factory;
    }

    private static void map(ServerWebSocketContainer container) {
        container.setMaxTextMessageSize(LARGEST);
        container.setMaxBinaryMessageSize(LARGEST);
        container.addMapping("/any", (request, response, callback) -> {
            response.setAcceptedSubProtocol("chat.v1");
            return new Echo();
        });
    }

    /** Public, because Jetty calls it by a method handle. */
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            if (message.equals(CLOSE_ME)) {
                getSession().close(4001, "as you wish", Callback.NOOP);
            } else {
                getSession().sendText(message, Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }
}
