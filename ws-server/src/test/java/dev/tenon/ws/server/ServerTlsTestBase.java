package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Shared by the tests of TLS on a server: keys, a server and TLS clients. */
abstract class ServerTlsTestBase {
    static TestKey one;
    static TestKey other;
    /** Its name is that of the other key, so that a client presents it. */
    static TestKey otherKeyOfTheSameName;

    @BeforeAll
    static void makeKeys(@TempDir Path folder) throws Exception {
        one = TestKey.make(folder, "one.example");
        other = TestKey.make(folder, "other.example");
        otherKeyOfTheSameName = TestKey.make(folder, "other.example");
    }

    static String describe(Client client) {
        String who = client.certificates().isEmpty()
                ? "nobody"
                : client.certificates().get(0).getSubjectX500Principal().getName();
        return (client.secure() ? "secure " : "plain ") + client.serverName() + " " + who;
    }

    static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .extensions(Extensions.none())
                .loops(1)
                .hosts("localhost", "*.example")
                .http(request -> HttpResponse.text(200, describe(request.client())))
                .route("/ws", upgrade -> upgrade.accept(new Echo()));
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static SSLSocket connect(WebSocketServer server, SSLContext context, @Nullable String host) throws IOException {
        return connect(new Socket(), server, context, host);
    }

    static SSLSocket connect(Socket raw, WebSocketServer server, SSLContext context, @Nullable String host)
            throws IOException {
        raw.connect(server.addresses().get(0));
        raw.setTcpNoDelay(true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "127.0.0.1", 0, true);
        if (host != null) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
        }
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Returns the host name of the TLS handshake, which a browser would also send in its requests. */
    static String hostOf(SSLSocket socket) {
        List<SNIServerName> names = socket.getSSLParameters().getServerNames();
        return names == null || names.isEmpty() ? "127.0.0.1" : ((SNIHostName) names.get(0)).getAsciiName();
    }

    /** Returns the server's response to a client, or the reason for the end. */
    static String ask(SSLSocket socket) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: " + hostOf(socket) + "\r\nConnection: close\r\n\r\n");
            String response = client.rest();
            assertTrue(response.startsWith("HTTP/1.1 200 "), response);
            return response.substring(response.indexOf("\r\n\r\n") + 4);
        }
    }

    static ServerTls byHost() throws Exception {
        Map<String, SSLContext> contexts =
                Map.of("one.example", one.trusting(), "other.example", other.trusting(), "", one.trusting());
        return ServerTls.byHost(contexts::get);
    }

    static Certificate[] peerCertificates(SSLSocket socket) throws SSLException {
        return socket.getSession().getPeerCertificates();
    }

    static String restOrReset(RawClient client) throws IOException {
        try {
            return client.rest();
        } catch (SocketException reset) {
            return "";
        }
    }

    static String status(SSLSocket socket, String host) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return client.rest().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        }
    }
}
