package dev.tenon.ws.conformance.strangers;

import java.net.URI;
import java.security.KeyStore;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Jetty's client against Tenon's server. */
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
    Peer connect(String url, boolean deflate) throws Exception {
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url));
        if (deflate) {
            request.addExtensions("permessage-deflate");
        }
        return JettyPeer.connect(client, request);
    }
}
