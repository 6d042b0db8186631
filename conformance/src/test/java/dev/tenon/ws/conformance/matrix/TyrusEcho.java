package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Program;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.ext.extension.deflate.PerMessageDeflateExtension;
import org.glassfish.tyrus.server.Server;

/** Tyrus on Grizzly. */
final class TyrusEcho {
    /** The configuration of the next server. Tyrus creates the object that returns it, so it is passed here. */
    private static final AtomicReference<ServerEndpointConfig> NEXT = new AtomicReference<>();

    private TyrusEcho() {}

    private static List<Extension> extensions(boolean deflate) {
        return deflate ? List.of(new PerMessageDeflateExtension()) : List.of();
    }

    static Peer.Client client(boolean deflate) {
        return (url, eventLog, certificate) -> {
            ClientManager client = ClientManager.createClient();
            ClientEndpointConfig config = ClientEndpointConfig.Builder.create()
                    .extensions(extensions(deflate))
                    .build();
            config.getUserProperties().putAll(JakartaEcho.properties(eventLog));
            client.connectToServer(new JakartaEcho(), config, URI.create(url));
            return client::shutdown;
        };
    }

    static Peer.Server server(boolean deflate) {
        return (eventLog, certificate) -> {
            ServerEndpointConfig config = ServerEndpointConfig.Builder.create(JakartaEcho.class, "/")
                    .extensions(extensions(deflate))
                    .build();
            config.getUserProperties().putAll(JakartaEcho.properties(eventLog));
            NEXT.set(config);
            return start();
        };
    }

    /** Retries, because Tyrus needs a port number, and another process may use that port first. */
    private static Peer.RunningServer start() throws Exception {
        DeploymentException failure = new DeploymentException("not started");
        for (int attempt = 0; attempt < 50; attempt++) {
            int port = Program.freePort();
            Server server = new Server("127.0.0.1", port, "/", null, Application.class);
            try {
                server.start();
                return new Peer.RunningServer(port, server::stop);
            } catch (DeploymentException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** Public, because Tyrus creates it by reflection. */
    public static final class Application implements ServerApplicationConfig {
        @Override
        public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> endpoints) {
            return Set.of(NEXT.get());
        }

        @Override
        public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> scanned) {
            return Set.of();
        }
    }
}
