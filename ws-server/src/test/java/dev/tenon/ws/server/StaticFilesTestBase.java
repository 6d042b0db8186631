package dev.tenon.ws.server;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Shared by the tests of static files: a folder with files, and a server for it. */
abstract class StaticFilesTestBase {
    static final String ETAG = "\"36cc3bd0-0-a\"";
    static final String CHANGED = "Thu, 18 Feb 1999 16:12:00 GMT";

    @TempDir
    Path temp;

    Path root;
    WebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectory(temp.resolve("web"));
        write("index.html", "<home>");
        write("data.txt", "0123456789");
        write("with space+x.txt", "spaced");
        write("docs/index.html", "<docs>");
        write("docs/a.css", "a{}");
        write("empty/x", "");
        write(".env", "secret");
        write(".git/config", "secret");
        write(".well-known/security.txt", "contact");
        Files.writeString(temp.resolve("outside.txt"), "secret");
        Files.createDirectory(temp.resolve("web-other"));
        Files.writeString(temp.resolve("web-other/f.txt"), "secret");
        server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1)
                .get("/site/api", request -> HttpResponse.text(200, "api"))
                .files("/site", StaticFiles.of(root).withHeader("Cache-Control", "no-cache"))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(0x36cc3bd0L)));
        return file;
    }

    String ask(String method, String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + String.join("", headers) + "\r\n");
            return client.rest();
        }
    }

    static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}
