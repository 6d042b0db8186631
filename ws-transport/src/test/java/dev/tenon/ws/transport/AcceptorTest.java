package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that come while their loop ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptorTest {
    @Test
    void whatIsAcceptedForALoopThatHasEndedIsClosed() throws Exception {
        EventLoops loops = EventLoops.start(2, "acceptor-test", true);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        Acceptor acceptor =
                Acceptor.open(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), (loop, channel) -> {
                    channel.close();
                    taken.incrementAndGet();
                    busy.countDown();
                    await(hold);
                });
        EventLoop other = loops.all().get(1);
        other.load()
                .addAndGet(
                        1); // so that the first connection belongs to the acceptor's own loop, the second to the other
        InetSocketAddress address = (InetSocketAddress) acceptor.address();
        try (Socket own = new Socket(address.getAddress(), address.getPort())) {
            await(busy);
            loops.all().get(0).load().addAndGet(10);
            try (Socket dealt = new Socket(address.getAddress(), address.getPort())) {
                dealt.setSoTimeout(20_000);
                Thread stopping = new Thread(() -> loops.stop(Duration.ofSeconds(30)));
                stopping.start();
                other.thread().join();
                hold.countDown();
                assertEquals(-1, dealt.getInputStream().read());
                assertEquals(-1, own.getInputStream().read());
                stopping.join();
            }
        }
        assertEquals(1, taken.get());
        assertThrows(RejectedExecutionException.class, () -> other.execute(() -> {}));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
