package dev.tenon.ws.cli.netty;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.suite.FuzzingServer;
import dev.tenon.ws.suite.Report;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A run of the conformance suite over HTTP/3 against a client. */
final class ClientRun {
    private ClientRun() {}

    /** A client that connects, behaves in its way until the connection has ended, and returns the first text. */
    interface Client {
        String connect(String uri) throws Exception;
    }

    static Report play(TestKey key, Settings settings, Selection selection, Path reports, Client client)
            throws Exception {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        try (FuzzingServer server = FuzzingServer.listen(
                new NettyQuic(), keyManager(key), address, settings, selection, reports, (id, v, n, all) -> {})) {
            String uri = "wss://127.0.0.1:" + server.port();
            int count = Integer.parseInt(client.connect(uri + "/case-count"));
            for (int number = 1; number <= count; number++) {
                client.connect(uri + "/run?agent=Tenon&case=" + number);
            }
            client.connect(uri + "/report?agent=Tenon");
            Report report = server.nextReport(30);
            assertNotNull(report);
            return report;
        }
    }

    private static KeyManager keyManager(TestKey key) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key.store(), TestKey.PASSWORD.toCharArray());
        return keys.getKeyManagers()[0];
    }
}
