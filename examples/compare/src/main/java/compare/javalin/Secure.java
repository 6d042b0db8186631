package compare.javalin;

import io.javalin.Javalin;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

public class Secure {
    public static void main(String[] args) { // a key store; PEM and reloading need a plugin
        Javalin.create(config -> {
                    config.jetty.addConnector((server, http) -> {
                        SslContextFactory.Server tls = new SslContextFactory.Server();
                        tls.setKeyStorePath(args[1]);
                        tls.setKeyStorePassword(args[2]);
                        ServerConnector connector = new ServerConnector(server, tls);
                        connector.setPort(Integer.parseInt(args[0]));
                        return connector;
                    });
                    config.routes.get("/health", ctx -> ctx.result("ok\n"));
                    config.routes.ws("/echo", ws -> ws.onMessage(ctx -> ctx.send(ctx.message())));
                })
                .start();
    }
}
