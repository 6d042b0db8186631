package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections of a load balancer that forwards bytes and names the client. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyProtocolTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String HEADER = "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .extensions(Extensions.none())
                .loops(1)
                .http(request ->
                        HttpResponse.text(200, String.valueOf(request.client().address())));
    }

    private static void behindBalancer(ListenerOptions listener) {
        listener.proxyProtocolFrom("127.0.0.0/8");
    }

    private static WebSocketServer start() throws IOException {
        return builder().listen(ANYWHERE, ProxyProtocolTest::behindBalancer).start();
    }

    private static String exchange(Socket socket, String... parts) throws IOException {
        socket.setSoTimeout(20_000);
        for (String part : parts) {
            socket.getOutputStream().write(part.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
        }
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    private static Socket connect(WebSocketServer server) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    @Test
    void theHeaderNamesTheClient() throws Exception {
        try (WebSocketServer server = start()) {
            try (Socket balancer = connect(server)) {
                assertTrue(exchange(balancer, HEADER + GET).endsWith("\r\n\r\n/203.0.113.7:56324"));
            }
            try (Socket balancer = connect(server)) {
                assertTrue(exchange(balancer, HEADER.substring(0, 9), HEADER.substring(9), GET)
                        .endsWith("\r\n\r\n/203.0.113.7:56324"));
            }
        }
    }

    /** As a server on a loopback address is reached through HAProxy. */
    @Test
    void aBalancerMayForwardRequestsForAnyHost() throws Exception {
        String request = GET.replace("localhost", "example.com");
        try (WebSocketServer server = start()) {
            for (String header : List.of(HEADER, "PROXY UNKNOWN\r\n")) {
                try (Socket balancer = connect(server)) {
                    String response = exchange(balancer, header + request);
                    assertTrue(response.startsWith("HTTP/1.1 200 "), response);
                }
            }
        }
    }

    @Test
    void hostsThatAreSetHoldForABalancerToo() throws Exception {
        try (WebSocketServer server = builder()
                        .hosts("example.org")
                        .listen(ANYWHERE, ProxyProtocolTest::behindBalancer)
                        .start();
                Socket balancer = connect(server)) {
            String response = exchange(balancer, HEADER + GET.replace("localhost", "example.com"));
            assertTrue(response.startsWith("HTTP/1.1 421 "), response);
        }
    }

    @Test
    void aTapSeesTheBytesBehindTheHeader() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        WireTap tap = new WireTap() {
            @Override
            public void received(ByteBuffer bytes) {
                seen.add(ISO_8859_1.decode(bytes).toString());
            }

            @Override
            public void sent(ByteBuffer bytes) {}
        };
        try (WebSocketServer server = builder()
                        .tap(remote -> tap)
                        .listen(ANYWHERE, ProxyProtocolTest::behindBalancer)
                        .start();
                Socket balancer = connect(server)) {
            assertTrue(exchange(balancer, HEADER + GET).startsWith("HTTP/1.1 200 "));
        }
        assertEquals(GET, String.join("", seen));
    }

    @Test
    void aHealthCheckComesFromTheBalancer() throws Exception {
        try (WebSocketServer server = start();
                Socket balancer = connect(server)) {
            assertTrue(exchange(balancer, "PROXY UNKNOWN\r\n" + GET).contains("\r\n\r\n/127.0.0.1:"));
        }
    }

    @Test
    void theHeaderPrecedesTls(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "localhost");
        ServerTls own = ServerTls.of(key.trusting(key));
        try (WebSocketServer server = builder()
                        .listen(ANYWHERE, listener -> behindBalancer(listener.tls(own)))
                        .start();
                Socket balancer = connect(server)) {
            balancer.getOutputStream().write(HEADER.getBytes(ISO_8859_1));
            try (SSLSocket tls = (SSLSocket)
                    key.trusting(key).getSocketFactory().createSocket(balancer, "localhost", server.port(), true)) {
                assertTrue(exchange(tls, GET).endsWith("\r\n\r\n/203.0.113.7:56324"));
            }
        }
    }

    @Test
    void balancersMustSendTheHeaderAndOtherPeersMustNot() throws Exception {
        try (WebSocketServer server = start();
                Socket balancer = connect(server)) {
            assertEquals("", exchange(balancer, GET));
        }
        try (WebSocketServer server = builder()
                        .listen(ANYWHERE, listener -> listener.proxyProtocolFrom("192.0.2.0/24"))
                        .start();
                Socket untrusted = connect(server)) {
            assertTrue(exchange(untrusted, HEADER + GET).startsWith("HTTP/1.1 400 "));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> builder().listen(ANYWHERE, listener -> listener.proxyProtocolFrom("nonsense")));
    }

    @Test
    void connectionsCountForTheClientBehindTheBalancer() throws Exception {
        try (WebSocketServer server = builder()
                        .maxConnectionsPerAddress(1)
                        .listen(ANYWHERE, ProxyProtocolTest::behindBalancer)
                        .start();
                Socket first = connect(server)) {
            String open = GET.replace("Connection: close\r\n", "");
            first.getOutputStream().write((HEADER + open).getBytes(ISO_8859_1));
            assertEquals('H', first.getInputStream().read());
            try (Socket second = connect(server)) {
                assertEquals("", exchange(second, HEADER + GET));
            }
            try (Socket other = connect(server)) {
                assertTrue(
                        exchange(other, HEADER.replace("113.7", "113.8") + GET).startsWith("HTTP/1.1 200 "));
            }
        }
    }

    @Test
    void listenerOptionsSetUpSockets() throws Exception {
        try (WebSocketServer server = builder()
                        .loops(2)
                        .listen(
                                ANYWHERE,
                                listener -> listener.reusePort()
                                        .backlog(64)
                                        .socketOption(StandardSocketOptions.SO_KEEPALIVE, true))
                        .start();
                Socket client = connect(server)) {
            assertTrue(exchange(client, GET).startsWith("HTTP/1.1 200 "));
            assertEquals(1, server.addresses().size());
        }
    }
}
