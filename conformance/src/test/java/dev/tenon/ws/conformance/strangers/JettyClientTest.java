package dev.tenon.ws.conformance.strangers;

import dev.tenon.ws.deflate.DeflateOptions;
import java.net.URI;
import java.security.KeyStore;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

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
        return JettyPeer.connect(client, request);
    }
}
