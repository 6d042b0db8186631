package compare.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.KeyStoreScanner;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

public class Secure {
    public static void main(String[] args) throws Exception { // a key store: Jetty reads no PEM
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(args[1]);
        tls.setKeyStorePassword(args[2]);
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, tls);
        connector.setPort(Integer.parseInt(args[0]));
        server.addConnector(connector);
        server.addBean(new KeyStoreScanner(tls)); // reads it again when it changes
        WebSocketUpgradeHandler webSockets = WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/echo", (request, response, callback) -> new BlockingEcho()));
        webSockets.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                if (!Request.getPathInContext(request).equals("/health")) {
                    return false;
                }
                response.write(true, UTF_8.encode("ok\n"), callback);
                return true;
            }
        });
        server.setHandler(webSockets);
        server.start();
    }
}
