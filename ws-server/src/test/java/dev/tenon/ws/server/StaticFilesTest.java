package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaticFilesTest {
    private static final String ETAG = "\"36cc3bd0-0-a\"";
    private static final String CHANGED = "Thu, 18 Feb 1999 16:12:00 GMT";

    @TempDir
    Path temp;

    private Path root;
    private WebSocketServer server;

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

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(0x36cc3bd0L)));
        return file;
    }

    private String ask(String method, String path, String... headers) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + String.join("", headers) + "\r\n");
            return client.rest();
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match: " + ETAG + " | 304",
                "If-None-Match: W/" + ETAG + " | 304",
                "If-None-Match: \"a\", " + ETAG + " | 304",
                "If-None-Match: * | 304",
                "If-None-Match: \"a\" | 200",
                "If-None-Match: | 200",
                "If-Modified-Since: " + CHANGED + " | 304",
                "If-Modified-Since: Thu, 18 Feb 1999 16:11:59 GMT | 200",
                "If-Modified-Since: Thu, 18 Feb 1999 00:00:00 GMT | 200",
                "If-Modified-Since: Friday, 19-Feb-99 00:00:00 GMT | 304",
                "If-Modified-Since: Sat Feb  6 00:00:00 1999 | 200",
                "If-Modified-Since: Fri Feb 19 00:00:00 1999 | 304",
                "If-Modified-Since: yesterday | 200",
                "If-Match: " + ETAG + " | 200",
                "If-Match: * | 200",
                "If-Match: W/" + ETAG + " | 412",
                "If-Match: \"a\" | 412",
                "If-Unmodified-Since: Thu, 18 Feb 1999 16:11:59 GMT | 412",
                "If-Unmodified-Since: Fri, 19 Feb 1999 07:40:16 GMT | 200",
            })
    void conditionalRequestsAreEvaluated(String condition, int status) throws IOException {
        String response = ask("GET", "/site/data.txt", condition.strip() + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), condition + "\n" + response);
        assertEquals(status == 200 ? "0123456789" : "", body(response));
        if (status == 304) {
            assertTrue(response.contains("\r\nETag: " + ETAG + "\r\n"), response);
            assertTrue(response.contains("\r\nCache-Control: no-cache\r\n"), response);
        }
    }

    @Test
    void theEntityTagPrecedesTheDate() throws IOException {
        String response = ask(
                "GET",
                "/site/data.txt",
                "If-None-Match: \"a\"\r\n",
                "If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT\r\n");
        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 206 | bytes 0-0/10 | 0",
                "bytes=2-4 | 206 | bytes 2-4/10 | 234",
                "bytes=2- | 206 | bytes 2-9/10 | 23456789",
                "bytes=0- | 206 | bytes 0-9/10 | 0123456789",
                "bytes=8-99999999999999999999 | 206 | bytes 8-9/10 | 89",
                "bytes=-3 | 206 | bytes 7-9/10 | 789",
                "Bytes= 1 - 2 | 206 | bytes 1-2/10 | 12",
                "bytes=-10 | 200 | | 0123456789",
                "bytes=-11 | 200 | | 0123456789",
                "bytes=0-1,3-4 | 200 | | 0123456789",
                "bytes=4-2 | 200 | | 0123456789",
                "bytes=a-b | 200 | | 0123456789",
                "bytes=- | 200 | | 0123456789",
                "bytes=5 | 200 | | 0123456789",
                "bytes=-1-2 | 200 | | 0123456789",
                "lines=1-2 | 200 | | 0123456789",
                "bytes=10- | 416 | bytes */10 | ''",
                "bytes=99-100 | 416 | bytes */10 | ''",
                "bytes=-0 | 416 | bytes */10 | ''",
            })
    void oneRangeIsServed(String range, int status, String contentRange, String text) throws IOException {
        String response = ask("GET", "/site/data.txt", "Range: " + range + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        assertEquals(contentRange != null, response.contains("\r\nContent-Range: " + contentRange + "\r\n"), response);
        assertTrue(response.contains("\r\nContent-Length: " + text.length() + "\r\n"), response);
        assertEquals(text, body(response));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ETAG + " | 206",
                "W/" + ETAG + " | 200",
                "\"a\" | 200",
                "Thu, 18 Feb 1999 16:11:59 GMT | 200",
                CHANGED + " | 206",
                "nonsense | 200",
            })
    void aRangeOfAChangedFileIsTheWholeFile(String condition, int status) throws IOException {
        String response = ask("GET", "/site/data.txt", "Range: bytes=0-1\r\n", "If-Range: " + condition + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
    }

    @Test
    void aRangeOfAnEmptyFileIsTheWholeOrNone() throws IOException {
        assertTrue(ask("GET", "/site/empty/x", "Range: bytes=0-\r\n").startsWith("HTTP/1.1 416 "));
        assertTrue(ask("GET", "/site/empty/x", "Range: bytes=-5\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void pipelinedRequestsGetTheirFilesInOrder() throws IOException {
        try (RawClient client = new RawClient(server)) {
            String get = " HTTP/1.1\r\nHost: localhost\r\n";
            client.send("GET /site/docs/a.css" + get + "\r\nGET /site/data.txt" + get + "\r\nGET /site/api" + get
                    + "Connection: close\r\n\r\n");
            String all = client.rest();
            assertTrue(all.indexOf("a{}") < all.indexOf("0123456789"), all);
            assertTrue(all.indexOf("0123456789") < all.indexOf("\r\n\r\napi"), all);
        }
    }

    private byte[] random(String name, int length) throws IOException {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        Files.write(root.resolve(name), bytes);
        return bytes;
    }

    @Test
    void aSlowReaderGetsAllOfALongFile() throws Exception {
        byte[] bytes = random("long.bin", 24 << 20);
        try (RawClient slow = new RawClient(server)) {
            slow.send("GET /site/long.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            slow.head();
            for (int i = 0; i < 20; i++) { // other requests are served meanwhile
                assertEquals("0123456789", body(ask("GET", "/site/data.txt")));
            }
            assertTrue(server.counters().bytesWritten() < bytes.length, "the system holds less than the file");
            assertArrayEquals(bytes, slow.in.readAllBytes());
        }
    }

    @Test
    void aFileThatBecomesShorterEndsTheConnectionBeforeItsLength() throws Exception {
        int length = 64 << 20;
        Path file = root.resolve("shrinking.bin");
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength(length);
        }
        try (RawClient client = new RawClient(server)) {
            client.send("GET /site/shrinking.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
            client.head();
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(0);
            }
            long count = 0;
            byte[] buffer = new byte[1 << 16];
            try {
                for (int n; (n = client.in.read(buffer)) >= 0; ) {
                    count += n;
                }
            } catch (IOException reset) {
                // this reports the same
            }
            assertTrue(count < length, "the end is seen before the length that was promised: " + count);
        }
    }

    @Test
    void aClientThatLeavesLeavesNoFileOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "descriptors can be counted");
        random("left.bin", 24 << 20);
        for (int i = 0; i < 10; i++) {
            try (RawClient client = new RawClient(server)) {
                client.send("GET /site/left.bin HTTP/1.1\r\nHost: localhost\r\n\r\n");
                client.head();
            }
        }
        long end = System.nanoTime() + 60_000_000_000L;
        while (open(descriptors, "left.bin") > 0 && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(0, open(descriptors, "left.bin"));
    }

    private static long open(Path descriptors, String name) throws IOException {
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.filter(each -> {
                        try {
                            return Files.readSymbolicLink(each).endsWith(name);
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void stoppingLeavesNoThreadBehind() throws Exception {
        ask("GET", "/site/data.txt");
        server.close();
        long end = System.nanoTime() + 60_000_000_000L;
        while (isAlive("tenon-server-files") && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertFalse(isAlive("tenon-server-files"));
    }

    private static boolean isAlive(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
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
