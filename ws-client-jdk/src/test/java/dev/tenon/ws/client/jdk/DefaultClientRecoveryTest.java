package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.sockets.RecordingSockets;
import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The client of a process outlives a moment without descriptors, and the failure of its event loop. */
class DefaultClientRecoveryTest {
    @Test
    void aFailureToCreateItIsNotKept() throws Exception {
        IOException failure = new IOException("too many open files");
        try (WebSocketClient created = WebSocketClient.create()) {
            Queue<DefaultClient.Factory> attempts = new ArrayDeque<>(List.of(
                    () -> {
                        throw failure;
                    },
                    () -> created));
            DefaultClient client = new DefaultClient(() -> attempts.remove().create());
            assertSame(
                    failure,
                    assertThrows(UncheckedIOException.class, client::get).getCause());
            assertSame(created, client.get());
            assertSame(created, client.get());
        }
    }

    @Test
    void itIsReplacedIfItsLoopHasFailed() throws Exception {
        RecordingSockets sockets = new RecordingSockets(SelectorProvider.provider());
        Thread[] loop = new Thread[1];
        try (WebSocketClient first = WebSocketClient.builder()
                        .sockets(sockets)
                        .threads(task -> loop[0] = new Thread(task, "breakable"))
                        .build();
                WebSocketClient second = WebSocketClient.create()) {
            Queue<WebSocketClient> clients = new ArrayDeque<>(List.of(first, second));
            DefaultClient client = new DefaultClient(clients::remove);
            assertSame(first, client.get());
            sockets.breakSelectors();
            loop[0].join(20_000);
            assertEquals(Thread.State.TERMINATED, loop[0].getState());
            assertFalse(first.isHealthy());
            assertSame(second, client.get());
            assertNotSame(first, client.get());
        }
    }
}
