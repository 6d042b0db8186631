package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that request more than the buffers of the sockets hold, and read none of it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledClientTest extends ServerTlsTestBase {
    private static final int SOCKET_BUFFER = 4096;

    private static WebSocketServer start(boolean secure, int length, CountDownLatch requested) throws Exception {
        ServerTls tls = ServerTls.of(one.trusting());
        return WebSocketServer.builder()
                .listen(anyPort(), listener -> {
                    listener.socketOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
                    if (secure) {
                        listener.tls(tls);
                    }
                })
                .loops(1)
                .handshakeTimeout(Duration.ofMillis(500))
                .http(request -> {
                    requested.countDown();
                    return HttpResponse.text(200, "").withBody(ByteBuffer.allocate(length));
                })
                .start();
    }

    private static RawClient connect(WebSocketServer server, boolean secure) throws Exception {
        Socket raw = new Socket();
        raw.setReceiveBufferSize(SOCKET_BUFFER);
        if (secure) {
            return new RawClient(connect(raw, server, TestKey.withoutKey(one), null));
        }
        raw.connect(server.addresses().get(0));
        return new RawClient(raw);
    }

    /** Sends a request. On a slow machine its time may end during the TLS handshake, so the client tries again. */
    private static RawClient request(WebSocketServer server, boolean secure, String request, CountDownLatch requested)
            throws Exception {
        while (true) {
            RawClient client = connect(server, secure);
            try {
                client.send(request);
                if (requested.await(1, TimeUnit.SECONDS)) {
                    return client;
                }
            } catch (IOException tooSlow) {
                // the server has closed the connection
            }
            client.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, 250000, keep-alive, ''",
        "true, 250000, close, ''",
        "true, 60000, close, more",
        "false, 250000, keep-alive, ''",
        "false, 15000, keep-alive, '\r\n'",
        "false, 15000, close, more",
    })
    void aClientThatReadsNothingIsDisconnected(boolean secure, int length, String connection, String behind)
            throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n" + behind;
        CountDownLatch requested = new CountDownLatch(1);
        try (WebSocketServer server = start(secure, length, requested);
                RawClient client = request(server, secure, request, requested)) {
            ExchangeTestBase.awaitConnections(server, 0);
            assertFalse(client.socket.isClosed());
        }
    }
}
