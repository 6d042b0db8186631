package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/** Tomcat. */
final class TomcatEcho {
    private TomcatEcho() {}

    static Peer.Client client(boolean deflate) {
        return (url, eventLog, certificate) -> {
            WsWebSocketContainer client = new WsWebSocketContainer();
            List<Extension> extensions = deflate ? List.copyOf(client.getInstalledExtensions()) : List.of();
            ClientEndpointConfig config =
                    ClientEndpointConfig.Builder.create().extensions(extensions).build();
            config.getUserProperties().putAll(JakartaEcho.properties(eventLog));
            client.connectToServer(new JakartaEcho(), config, URI.create(url));
            return client::destroy;
        };
    }

    static Peer.RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target"), "tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toAbsolutePath().toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", folder.toAbsolutePath().toString());
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servletContext) -> servletContext.addListener(new Deploy(eventLog)), null);
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        tomcat.start();
        return new Peer.RunningServer(tomcat.getConnector().getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    /** Adds the endpoint when Tomcat has created its endpoint container. */
    private record Deploy(EventLog eventLog) implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServerEndpointConfig config =
                    ServerEndpointConfig.Builder.create(JakartaEcho.class, "/").build();
            config.getUserProperties().putAll(JakartaEcho.properties(eventLog));
            try {
                ((ServerContainer) event.getServletContext().getAttribute(ServerContainer.class.getName()))
                        .addEndpoint(config);
            } catch (DeploymentException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
