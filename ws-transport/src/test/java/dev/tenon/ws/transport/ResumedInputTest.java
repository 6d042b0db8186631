package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.sockets.HoldingSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a paused link has received comes before the end of its input, also if the loop reads that end first. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumedInputTest extends TlsTestBase {
    /** As many tasks of one event as run before the loop handles channels again. */
    private static final int DEFERRED = 64;

    /** Leaves the first bytes, pauses, and records everything after {@link #resume}. */
    private static final class Pausing extends Echo {
        final CompletableFuture<Boolean> paused = new CompletableFuture<>();
        final List<String> events = new ArrayList<>();
        private boolean resumed;

        Pausing(Link link) {
            super(link);
        }

        @Override
        public void received(ByteBuffer input) {
            if (!resumed) {
                link.pauseInput();
                paused.complete(true);
                return;
            }
            while (input.hasRemaining()) {
                events.add(String.valueOf(input.get()));
            }
        }

        @Override
        public void inputEnded() {
            events.add("end");
            super.inputEnded();
        }

        /** Resumes behind so many tasks that the loop reads the socket before it delivers what it has kept. */
        void resume() {
            for (int i = 0; i < DEFERRED; i++) {
                link.later(() -> {});
            }
            resumed = true;
            link.resume();
        }

        void assertAllReceived() throws Exception {
            link.execute(this::resume);
            assertTrue(ended.get(10, TimeUnit.SECONDS));
            assertEquals(List.of("1", "2", "end"), events);
        }
    }

    @Test
    void bytesComeBeforeTheEnd() throws Exception {
        try (Socket peer = raw(new Socket())) {
            SocketChannel channel = accepted.poll(20, TimeUnit.SECONDS);
            CompletableFuture<Pausing> made = new CompletableFuture<>();
            EventLoop loop = loops.next();
            loop.execute(() -> {
                try {
                    Links.accepted(loop, channel, null, null, link -> {
                        Pausing pausing = new Pausing(link);
                        made.complete(pausing);
                        return pausing;
                    });
                } catch (Throwable e) {
                    made.completeExceptionally(e);
                }
            });
            Pausing pausing = made.get(10, TimeUnit.SECONDS);
            peer.getOutputStream().write(new byte[] {1, 2});
            assertTrue(pausing.paused.get(10, TimeUnit.SECONDS));
            peer.shutdownOutput();
            pausing.assertAllReceived();
        }
    }

    /** The second record is still encrypted. */
    @Test
    void recordsComeBeforeTheEnd() throws Exception {
        try (HoldingSocket raw = new HoldingSocket()) {
            SSLSocket socket = tls(raw(raw), "TLSv1.3");
            Pausing pausing = accept(Pausing::new);
            socket.startHandshake();
            raw.hold();
            socket.getOutputStream().write(1);
            socket.getOutputStream().write(2);
            raw.release();
            assertTrue(pausing.paused.get(10, TimeUnit.SECONDS));
            raw.shutdownOutput();
            pausing.assertAllReceived();
        }
    }
}
