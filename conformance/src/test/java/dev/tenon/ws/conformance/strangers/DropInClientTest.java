package dev.tenon.ws.conformance.strangers;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.client.jdk.JdkWebSockets;
import dev.tenon.ws.connection.ConnectionOptions;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tests of the JDK's client with Tenon's client behind the JDK's types: both schemes, with messages
 * compressed.
 */
class DropInClientTest extends JdkClientTest {
    private @Nullable WebSocketClient client;

    @Override
    void begin(SSLContext trusted) throws IOException {
        client = WebSocketClient.builder()
                .tls(trusted)
                .options(ConnectionOptions.DEFAULT.withMaxMessageLength(16 << 20))
                .build();
    }

    @Override
    void end() {
        if (client != null) {
            client.close();
        }
    }

    /** Tenon's response to a Close frame has the same reason. */
    @Override
    String reasonOfTheResponse() {
        return "as you wish";
    }

    @Override
    WebSocket.Builder builder() {
        return JdkWebSockets.newWebSocketBuilder(Objects.requireNonNull(client, "not started"));
    }
}
