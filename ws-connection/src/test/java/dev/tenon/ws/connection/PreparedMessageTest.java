package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message to many connections is encoded once for each set of parameters, and no receiver sees a difference. */
class PreparedMessageTest {
    private static Rig server(SharingExtension extension) {
        return Rig.of(Role.SERVER).extensions(extension).open();
    }

    private static PreparedMessage prepared(String hex) {
        return PreparedMessage.binary(Bytes.buffer(hex));
    }

    @Test
    void aMessageIsEncodedOnceForEachSharingKey() {
        SharingExtension first = new SharingExtension("a");
        SharingExtension same = new SharingExtension("a");
        SharingExtension other = new SharingExtension("b");
        PreparedMessage message = prepared("aabb");
        for (SharingExtension extension : List.of(first, same, other, same, first, other)) {
            Rig rig = server(extension);
            assertEquals(SendResult.QUEUED, rig.webSocket.trySend(message));
            rig.assertSent("FIN RSV3 BINARY 00aabb");
        }
        assertEquals(1, first.runs.get());
        assertEquals(0, same.runs.get());
        assertEquals(1, other.runs.get());
    }

    @Test
    void everyConnectionForgetsWhatItSentBefore() {
        SharingExtension extension = new SharingExtension("a");
        PreparedMessage message = prepared("aa");
        for (int i = 0; i < 3; i++) {
            Rig rig = server(extension);
            rig.webSocket.sendBinary(Bytes.buffer("01"));
            rig.webSocket.sendBinary(Bytes.buffer("02"));
            rig.webSocket.send(message);
            rig.webSocket.sendBinary(Bytes.buffer("03"));
            rig.webSocket.sendBinary(Bytes.buffer("04"));
            rig.assertSent(
                    "FIN RSV3 BINARY 0001",
                    "FIN RSV3 BINARY 0102",
                    "FIN RSV3 BINARY 00aa",
                    "FIN RSV3 BINARY 0003",
                    "FIN RSV3 BINARY 0104");
            rig.connection.ended(null);
        }
        assertEquals(3 * 4 + 1, extension.runs.get());
        assertEquals(4, extension.opened.get(), "three connections, and one that made the frames");
        assertEquals(4, extension.closed.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no key", "one of two has none", "client"})
    void withoutASharingKeyEachConnectionEncodesForItself(String reason) {
        SharingExtension extension = new SharingExtension(reason.equals("no key") ? null : "a");
        FakeExtension keyless = new FakeExtension("keyless", 0);
        PreparedMessage message = prepared("aa");
        for (int i = 0; i < 2; i++) {
            Rig.Builder builder = Rig.of(reason.equals("client") ? Role.CLIENT : Role.SERVER);
            Rig rig = reason.equals("one of two has none")
                    ? builder.extensions(extension, keyless).open()
                    : builder.extensions(extension).open();
            rig.webSocket.sendBinary(Bytes.buffer("01"));
            rig.webSocket.send(message);
            rig.assertSent("FIN RSV3 BINARY 0001", "FIN RSV3 BINARY 01aa");
        }
        assertEquals(4, extension.runs.get());
        assertEquals(2, extension.opened.get());
    }

    @Test
    void noMoreThanSixteenVariantsAreKept() {
        PreparedMessage message = prepared("aa");
        List<SharingExtension> extensions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            extensions.add(new SharingExtension(i));
        }
        for (int round = 0; round < 3; round++) {
            for (SharingExtension extension : extensions) {
                Rig rig = server(extension);
                rig.webSocket.send(message);
                rig.assertSent("FIN RSV3 BINARY 00aa");
            }
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(i < 16 ? 1 : 3, extensions.get(i).runs.get());
        }
    }

    @Test
    void aRefusedMessageIsNotSentAndResetsNoContext() {
        SharingExtension extension = new SharingExtension("a");
        Rig rig = Rig.of(Role.SERVER)
                .extensions(extension)
                .options(ConnectionOptions.DEFAULT.withOutbound(10, 20))
                .open();
        rig.webSocket.sendBinary(Bytes.buffer("01"));
        rig.wire.backlog = 17;
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(prepared("aa")));
        rig.wire.backlog = 0;
        rig.webSocket.sendBinary(Bytes.buffer("02"));
        rig.assertSent("FIN RSV3 BINARY 0001", "FIN RSV3 BINARY 0102");
    }

    @Test
    void anExtensionThatThrowsWhileItPreparesAMessageEndsTheSendingConnection() {
        SharingExtension extension = new SharingExtension("a");
        PreparedMessage message = prepared("aa");
        Rig rig = server(extension);
        extension.broken = true;
        assertEquals(SendResult.REFUSED, rig.webSocket.trySend(message));
        rig.assertSent("<abort>");
        rig.assertEvents("error broken");
        rig.connection.ended(null);
        assertEquals(extension.opened.get(), extension.closed.get());
        extension.broken = false;
        Rig next = server(extension);
        next.webSocket.send(message);
        next.assertSent("FIN RSV3 BINARY 00aa");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void manyThreadsMaySendItAtOnce() throws Exception {
        int threads = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 200; round++) {
                SharingExtension extension = new SharingExtension(round);
                PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(5000));
                CyclicBarrier start = new CyclicBarrier(threads);
                Callable<List<String>> sender = () -> {
                    Rig rig = server(extension);
                    start.await(30, TimeUnit.SECONDS);
                    rig.webSocket.send(message);
                    rig.webSocket.send(message);
                    return rig.wire.takeWritten();
                };
                List<Future<List<String>>> sent = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    sent.add(executor.submit(sender));
                }
                for (Future<List<String>> one : sent) {
                    assertEquals(List.of("FIN RSV3 BINARY <5001 bytes>", "FIN RSV3 BINARY <5001 bytes>"), one.get());
                }
                int runs = extension.runs.get();
                server(extension).webSocket.send(message);
                assertEquals(runs, extension.runs.get(), "kept by now");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** A message that is kept for later must not change when the caller uses its buffer again. */
    @Test
    void aMessageIsPreparedByACopyOfItsBytes() {
        ByteBuffer buffer = Bytes.buffer("aabb");
        PreparedMessage kept = Message.binary(buffer).uncompressed().prepared();
        assertEquals(0, buffer.remaining());
        buffer.clear().put((byte) 0);
        assertEquals(Bytes.buffer("aabb"), kept.payload());
        assertSame(kept, kept.prepared());
        assertSame(kept, kept.uncompressed());
        Message text = Message.text("hi");
        assertEquals(MessageType.TEXT, text.prepared().type());
        assertEquals(text.prepared().payload(), text.prepared().payload()); // any number of times
        Message piece = Message.piece(MessageType.TEXT, ByteBuffer.allocate(1), true);
        assertThrows(IllegalArgumentException.class, piece::prepared);
    }
}
