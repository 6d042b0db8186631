package dev.tenon.ws.netty;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutesBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.function.Consumer;

/** A server and a client that trusts it, over TLS or QUIC. */
record ServerAndClient(NettyServer server, NettyClient client) implements AutoCloseable {
    private static final Path FOLDER = folder();

    static ServerAndClient start(HttpVersion version, Consumer<HostedRoutesBuilder> routes) throws IOException {
        return start(version, settings -> {}, routes);
    }

    static ServerAndClient start(
            HttpVersion version, Consumer<NettyServerBuilder> settings, Consumer<HostedRoutesBuilder> routes)
            throws IOException {
        NettyServerBuilder builder = NettyServer.builder()
                .tls(certificate(), key())
                .loops(1)
                .routes(all -> routes.accept(all.extensions(Extensions.none())));
        settings.accept(builder);
        NettyServer server = builder.start();
        NettyClient client = NettyClient.builder()
                .trust(certificate())
                .version(version)
                .extensions(Extensions.none())
                .build();
        return new ServerAndClient(server, client);
    }

    String uri(String path) {
        return "wss://127.0.0.1:" + server.port() + path;
    }

    @Override
    public void close() {
        client.close();
        server.stop(java.time.Duration.ZERO);
    }

    static Path certificate() {
        return FOLDER.resolve("certificate.pem");
    }

    static Path key() {
        return FOLDER.resolve("key.pem");
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("ws-netty");
            TestKey made = TestKey.make(folder, "netty.test");
            write(
                    folder.resolve("certificate.pem"),
                    "CERTIFICATE",
                    made.certificate().getEncoded());
            write(folder.resolve("key.pem"), "PRIVATE KEY", made.privateKey().getEncoded());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
