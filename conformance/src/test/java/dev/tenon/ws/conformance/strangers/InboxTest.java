package dev.tenon.ws.conformance.strangers;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Tenon's client with an inbox against Tenon's server. */
class InboxTest extends ClientContract {
    private @Nullable WebSocketClient compressing;
    private @Nullable WebSocketClient plain;

    @Override
    void begin(KeyStore trusted) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        compressing = client(tls, Extensions.of(new PermessageDeflate(deflate())));
        plain = client(tls, Extensions.none());
    }

    private static WebSocketClient client(SSLContext tls, Extensions extensions) throws Exception {
        return WebSocketClient.builder()
                .tls(tls)
                .extensions(extensions)
                .options(ConnectionOptions.DEFAULT
                        .withMaxMessageLength(16 << 20)
                        .withKeepalive(Duration.ofMillis(100), Duration.ofSeconds(10)))
                .build();
    }

    @Override
    void stop() {
        for (WebSocketClient client : new WebSocketClient[] {compressing, plain}) {
            if (client != null) {
                client.close();
            }
        }
    }

    @Override
    Peer connect(String url, boolean deflate) throws Exception {
        WebSocketClient client = Objects.requireNonNull(deflate ? compressing : plain, "not started");
        Inbox inbox = client.openInbox(url);
        Reader reader = new Reader(inbox, new Events());
        Thread thread = new Thread(reader, "inbox");
        thread.setDaemon(true);
        thread.start();
        return reader;
    }

    private record Reader(Inbox inbox, Events events) implements Peer, Runnable {
        @Override
        public void run() {
            try {
                while (true) {
                    Incoming received = inbox.receive();
                    if (received instanceof Incoming.Text text) {
                        events.add(ClientContract.received(text.text()));
                    } else if (received instanceof Incoming.Binary binary) {
                        byte[] bytes = new byte[binary.data().remaining()];
                        binary.data().get(bytes);
                        events.add(ClientContract.received(bytes));
                    } else if (received instanceof Incoming.End end) {
                        events.add("close " + end.event().code() + " "
                                + end.event().reason());
                        return;
                    }
                }
            } catch (InterruptedException e) {
                events.add("interrupted");
            }
        }

        @Override
        public String agreed() {
            return inbox.webSocket().extensions().stream()
                    .map(extension -> extension.name())
                    .collect(Collectors.joining(", "));
        }

        @Override
        public void text(String text) {
            inbox.webSocket().sendText(text);
        }

        @Override
        public void binary(byte[] data) {
            inbox.webSocket().sendBinary(ByteBuffer.wrap(data));
        }

        /** The keepalive sends pings. */
        @Override
        public boolean ping(String payload) {
            return false;
        }

        @Override
        public void close(int code, String reason) {
            inbox.webSocket().close(new CloseCode(code), reason);
        }

        @Override
        public void close() {
            inbox.close();
        }
    }
}
