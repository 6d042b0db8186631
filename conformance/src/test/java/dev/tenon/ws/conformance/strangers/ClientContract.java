package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract between Tenon's server and a WebSocket client of another project, plain and TLS, with compression and
 * without.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClientContract {
    private static final int[] LENGTHS = {0, 1, 125, 126, 65_535, 65_536, 1 << 20};

    private SSLContext tls;

    /** One connection of the client under test. */
    interface Peer extends AutoCloseable {
        /**
         * Returns the events: {@code pong …}, {@code close code reason}, and messages in the form of {@link #received}.
         */
        Events events();

        /** Returns the extensions that the client considers negotiated; empty for none. */
        String agreed();

        void text(String text) throws Exception;

        void binary(byte[] data) throws Exception;

        /**
         * Sends a ping; returns false if the client has no method for it, but sends pings itself and fails without a
         * pong.
         */
        boolean ping(String payload) throws Exception;

        void close(int code, String reason) throws Exception;

        /** Ends the connection at once. */
        @Override
        void close();
    }

    /** Connects; offers compression if {@code deflate} is set. */
    abstract Peer connect(String url, boolean deflate) throws Exception;

    /** Connects for a test of pings only. A client that sends pings itself can send them more often than otherwise. */
    Peer connectForPings(String url, boolean deflate) throws Exception {
        return connect(url, deflate);
    }

    @BeforeAll
    void makeKey(@TempDir Path folder) throws Exception {
        dev.tenon.keys.TestKey key = dev.tenon.keys.TestKey.make(folder, "tenon.example");
        tls = key.trusting(key);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", key.certificate());
        begin(trusted);
    }

    @AfterAll
    void end() throws Exception {
        stop();
    }

    /** Starts what all connections share. */
    abstract void begin(KeyStore trusted) throws Exception;

    abstract void stop() throws Exception;

    /** Returns the server's compression options. */
    DeflateOptions deflate() {
        return DeflateOptions.defaults().withMinimumSize(0);
    }

    /** Returns the event of a text message. */
    static String received(String text) {
        return text.length() < 100 ? "text " + text : "text " + received(text.getBytes(UTF_8));
    }

    /** Returns the event of a binary message. */
    static String received(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return "binary " + bytes.length + " " + crc.getValue();
    }

    private EchoServer server(String scheme, boolean deflate) throws Exception {
        return new EchoServer(
                scheme.equals("wss") ? tls : null,
                deflate ? Extensions.of(new PermessageDeflate(deflate())) : Extensions.none());
    }

    @ParameterizedTest
    @CsvSource({"ws, false", "ws, true", "wss, false", "wss, true"})
    void messagesOfEveryLengthFormComeBack(String scheme, boolean deflate) throws Exception {
        try (EchoServer server = server(scheme, deflate);
                Peer peer = connect(server.url(scheme) + "/ws", deflate)) {
            assertEquals(deflate, peer.agreed().startsWith("permessage-deflate"), peer.agreed());
            for (String text : new String[] {"", "Grüße, 世界 🪵", "Grüße, 世界 🪵 ".repeat(40_000)}) {
                peer.text(text);
                assertEquals(received(text), peer.events().next());
            }
            for (int length : LENGTHS) {
                byte[] noise = new byte[length];
                new Random(length).nextBytes(noise);
                for (byte[] bytes : new byte[][] {noise, new byte[length]}) {
                    peer.binary(bytes);
                    assertEquals(received(bytes), peer.events().next());
                }
            }
            for (int i = 0; i < 200; i++) {
                peer.text("burst " + i);
            }
            for (int i = 0; i < 200; i++) {
                assertEquals("text burst " + i, peer.events().next());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ws, false", "ws, true", "wss, false", "wss, true"})
    void pingsAreAnsweredBothWays(String scheme, boolean deflate) throws Exception {
        try (EchoServer server = server(scheme, deflate);
                Peer peer = connectForPings(server.url(scheme) + "/ws", deflate)) {
            peer.text("ping me");
            assertEquals("pong marco", server.events.next());
            if (peer.ping("polo")) {
                assertEquals("pong polo", peer.events().next());
            } else {
                assertTrue(server.pings.tryAcquire(2, 20, TimeUnit.SECONDS));
            }
            peer.text("still here");
            assertEquals("text still here", peer.events().next());
        }
    }

    @ParameterizedTest
    @CsvSource({"ws, false", "ws, true", "wss, false", "wss, true"})
    void eitherSideClosesWithItsCodeAndReason(String scheme, boolean deflate) throws Exception {
        try (EchoServer server = server(scheme, deflate)) {
            try (Peer peer = connect(server.url(scheme) + "/ws", deflate)) {
                peer.close(4000, "enough");
                assertEquals("close 4000 enough", server.events.next());
                assertEquals("close 4000 enough", peer.events().next());
            }
            try (Peer peer = connect(server.url(scheme) + "/ws", deflate)) {
                peer.text("close me");
                assertEquals("close 4001 as you wish", peer.events().next());
                assertEquals("close 4001", server.events.next().replaceFirst("( as you wish)? *$", ""));
            }
        }
    }
}
