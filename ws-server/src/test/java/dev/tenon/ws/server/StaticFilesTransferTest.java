package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The transfer of static files: long files, slow clients, and clients that leave. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaticFilesTransferTest extends StaticFilesTestBase {
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
}
