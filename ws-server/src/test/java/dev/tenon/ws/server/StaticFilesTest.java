package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaticFilesTest extends StaticFilesTestBase {
    @ParameterizedTest
    @CsvSource({
        "/site/data.txt, text/plain; charset=utf-8, 0123456789",
        "/site/, text/html; charset=utf-8, <home>",
        "/site/docs/, text/html; charset=utf-8, <docs>",
        "/site/docs/a.css, text/css; charset=utf-8, a{}",
        "/site/d%61ta.txt, text/plain; charset=utf-8, 0123456789",
        "/site/with%20space+x.txt, text/plain; charset=utf-8, spaced",
        "/site/.well-known/security.txt, text/plain; charset=utf-8, contact",
        "/site/empty/x, application/octet-stream, ''",
        "/site/api, text/plain; charset=utf-8, api",
    })
    void aFileIsFoundByItsName(String path, String type, String text) throws IOException {
        String response = ask("GET", path);
        assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response);
        assertTrue(response.contains("\r\nContent-Type: " + type + "\r\n"), response);
        assertTrue(response.contains("\r\nContent-Length: " + text.length() + "\r\n"), response);
        assertEquals(text, body(response));
    }

    @Test
    void aFileHasTheHeadersThatCachesNeed() throws IOException {
        String response = ask("GET", "/site/data.txt");
        assertTrue(response.contains("\r\nETag: " + ETAG + "\r\n"), response);
        assertTrue(response.contains("\r\nLast-Modified: " + CHANGED + "\r\n"), response);
        assertTrue(response.contains("\r\nCache-Control: no-cache\r\n"), response);
        assertTrue(response.contains("\r\nAccept-Ranges: bytes\r\n"), response);
        assertTrue(response.contains("\r\nX-Content-Type-Options: nosniff\r\n"), response);
    }

    @Test
    void headHasTheSameHeadersAndNoBody() throws IOException {
        String got = ask("GET", "/site/data.txt");
        String head = ask("HEAD", "/site/data.txt");
        assertEquals(got.substring(0, got.indexOf("\r\nDate: ")), head.substring(0, head.indexOf("\r\nDate: ")));
        assertEquals("", body(head));
        String range = ask("HEAD", "/site/data.txt", "Range: bytes=0-1\r\n");
        assertTrue(range.startsWith("HTTP/1.1 200 OK\r\n"), "a range is for GET alone: " + range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/site/../outside.txt",
                "/site/..",
                "/site/%2e%2e/outside.txt",
                "/site/%2E%2E%2Foutside.txt",
                "/site/..%2foutside.txt",
                "/site/docs%2fa.css",
                "/site/..%5coutside.txt",
                "/site/docs%5ca.css",
                "/site/%2e%2e%5coutside.txt",
                "/site/..%252foutside.txt",
                "/site/%252e%252e/outside.txt",
                "/site/..;/outside.txt",
                "/site/.;/data.txt",
                "/site/....//outside.txt",
                "/site/%c0%ae%c0%ae/outside.txt",
                "/site/%uff0e%uff0e/outside.txt",
                "/site//etc/passwd",
                "/site/%2fetc%2fpasswd",
                "/site//data.txt",
                "/site/docs//a.css",
                "/site/C:%5cwindows",
                "/site/data.txt::$DATA",
                "/site/data.txt%00.html",
                "/site/data.txt/",
                "/site/data.txt/x",
                "/site/data.txt.",
                "/site/DATA.TXT",
                "/site/./data.txt",
                "/site/.env",
                "/site/%2eenv",
                "/site/.git/config",
                "/site/docs/../.env",
                "/site/../web-other/f.txt",
                "/site/empty/",
                "/site/nothing",
                "/siteindex.html",
            })
    void noOtherPathIsFound(String path) throws IOException {
        String response = ask("GET", path);
        assertTrue(response.startsWith("HTTP/1.1 404 ") || response.startsWith("HTTP/1.1 400 "), response);
        assertFalse(response.contains("secret") || response.contains("0123456789"), response);
        assertFalse(response.contains(temp.toString()), "no path of this machine: " + response);
    }

    @Test
    void aNameThatIsTooLongForTheDiskIsNotFound() throws IOException {
        assertTrue(ask("GET", "/site/" + "n".repeat(3000)).startsWith("HTTP/1.1 404 "));
    }

    @Test
    void linksAreFollowedInsideTheDirectoryOnly() throws IOException {
        Files.createSymbolicLink(root.resolve("in.txt"), root.resolve("data.txt"));
        Files.createSymbolicLink(root.resolve("out.txt"), temp.resolve("outside.txt"));
        Files.createSymbolicLink(root.resolve("away"), temp);
        Files.createSymbolicLink(root.resolve("sibling"), temp.resolve("web-other"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        Files.createSymbolicLink(root.resolve("gone"), root.resolve("nowhere"));
        assertEquals("0123456789", body(ask("GET", "/site/in.txt")));
        for (String path : new String[] {"out.txt", "away/outside.txt", "sibling/f.txt", "loop", "gone", "away/"}) {
            String response = ask("GET", "/site/" + path);
            assertTrue(response.startsWith("HTTP/1.1 404 "), path + ": " + response);
        }
    }

    /** Symbolic links as Kubernetes mounts a ConfigMap, and its atomic swap. */
    @Test
    void theTargetOfASymbolicLinkMayBeReplaced() throws IOException {
        write("..2024_a/app.js", "a");
        write("..2024_b/app.js", "b");
        Files.createSymbolicLink(root.resolve("..data"), Path.of("..2024_a"));
        Files.createSymbolicLink(root.resolve("app.js"), Path.of("..data/app.js"));
        assertEquals("a", body(ask("GET", "/site/app.js")));
        Files.delete(root.resolve("..data"));
        Files.createSymbolicLink(root.resolve("..data"), Path.of("..2024_b"));
        assertEquals("b", body(ask("GET", "/site/app.js")));
        assertTrue(ask("GET", "/site/..data/app.js").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void aPipeIsNoFile() throws Exception {
        assumeTrue(
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "pipes have names on Unix");
        Process process = new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).start();
        assumeTrue(process.waitFor() == 0, "there is no mkfifo");
        assertTrue(ask("GET", "/site/pipe").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void anUnreadableFileIsNotFound() throws IOException {
        assumeTrue(root.resolve("data.txt").toFile().setReadable(false), "rights of files can be changed");
        assumeTrue(!Files.isReadable(root.resolve("data.txt")), "root may read everything");
        assertTrue(ask("GET", "/site/data.txt").startsWith("HTTP/1.1 404 "));
    }

    @ParameterizedTest
    @CsvSource({"/site, /site/", "/site?a=b, /site/?a=b", "/site/docs, /site/docs/", "/site/d%6fcs?x, /site/d%6fcs/?x"})
    void aDirectoryWithoutASlashIsRedirected(String path, String location) throws IOException {
        String response = ask("GET", path);
        assertTrue(response.startsWith("HTTP/1.1 301 "), response);
        assertTrue(response.contains("\r\nLocation: " + location + "\r\n"), response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.example", "//evil.example/..", "/%5cevil.example", "/\\evil.example", "//docs"})
    void noRedirectLeadsToAnotherHost(String path) throws IOException {
        Files.createDirectories(root.resolve("evil.example"));
        try (WebSocketServer atRoot = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .files("/", root)
                        .start();
                RawClient client = new RawClient(atRoot)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String response = client.rest();
            assertTrue(response.startsWith("HTTP/1.1 40"), response);
        }
    }

    @Test
    void otherMethodsAreNotAllowed() throws IOException {
        assertTrue(ask("POST", "/site/data.txt").contains("\r\nAllow: GET, HEAD, OPTIONS\r\n"));
        assertTrue(ask("DELETE", "/site/nothing").startsWith("HTTP/1.1 405 "));
        assertTrue(ask("OPTIONS", "/site/data.txt").startsWith("HTTP/1.1 204 "));
    }

    @Test
    void invalidFilesAreRefusedAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> StaticFiles.of(temp.resolve("nowhere")));
        assertThrows(IllegalArgumentException.class, () -> StaticFiles.of(root.resolve("data.txt")));
        StaticFiles files = StaticFiles.of(root);
        for (String name : new String[] {"", "..", "a/b", ".hidden", "a\\b"}) {
            assertThrows(IllegalArgumentException.class, () -> files.withIndex(name), name);
        }
        assertThrows(IllegalArgumentException.class, () -> files.withHeader("a b", "c"));
        assertThrows(IllegalArgumentException.class, () -> files.withContentType("x", "a\r\nb"));
        WebSocketServerBuilder builder = WebSocketServer.builder().files("/a", files);
        assertThrows(IllegalArgumentException.class, () -> builder.files("/a/", files));
        assertThrows(IllegalArgumentException.class, () -> builder.files("a", files));
        assertThrows(IllegalArgumentException.class, () -> builder.files("/b/{file}", files));
    }

    @Test
    void contentTypeAndIndexCanBeSet() throws IOException {
        write("start.page", "<start>");
        try (WebSocketServer other = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .files(
                                "/{user}/pages",
                                StaticFiles.of(root).withIndex("start.page").withContentType("PAGE", "text/x-page"))
                        .start();
                RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), other.port()))) {
            client.send("GET /ann/pages/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String response = client.rest();
            assertTrue(response.contains("\r\nContent-Type: text/x-page\r\n"), response);
            assertEquals("<start>", body(new String(response.getBytes(UTF_8), UTF_8)));
        }
    }
}
