package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that arrive while their loop ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcceptorTest {
    @Test
    void aChannelAcceptedForALoopThatHasEndedIsClosed() throws Exception {
        EventLoops loops = EventLoops.start(2, "acceptor-test", true);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger taken = new AtomicInteger();
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Acceptor acceptor = Acceptor.open(loops, anywhere, SocketSettings.DEFAULT, (loop, channel) -> {
                    channel.close();
                    taken.incrementAndGet();
                    busy.countDown();
                    await(hold);
                })
                .get(0);
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

    @Test
    void anAddressInUseIsNamed() throws Exception {
        EventLoops loops = EventLoops.start(1, "acceptor-test", true);
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BindException taken = assertThrows(
                    BindException.class,
                    () -> Acceptor.open(
                            loops, first.getLocalSocketAddress(), SocketSettings.DEFAULT, (loop, channel) -> {}));
            String message = String.valueOf(taken.getMessage());
            assertTrue(message.contains(":" + first.getLocalPort() + ": "), message);
        } finally {
            loops.stop(Duration.ofSeconds(30));
        }
    }

    /**
     * While its loop sleeps: the selector of a loop keeps a closed descriptor until it selects again. A loop that gets no
     * processor for a quarter of a second is not waited for, so a few attempts may fail.
     */
    @Test
    void theAddressOfAClosedAcceptorIsFreeAtOnce() throws Exception {
        EventLoops loops = EventLoops.start(1, "acceptor-test", true);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int free = 0;
        for (int i = 0; i < 20; i++) {
            Acceptor acceptor = Acceptor.open(loops, anywhere, SocketSettings.DEFAULT, (loop, channel) -> {})
                    .get(0);
            InetSocketAddress address = (InetSocketAddress) acceptor.address();
            acceptor.close();
            try (Socket late = new Socket(address.getAddress(), address.getPort())) {
                assertTrue(late.isConnected());
            } catch (ConnectException refused) {
                free++;
            }
        }
        loops.stop(Duration.ofSeconds(30));
        assertTrue(free > 10, "free " + free + " times");
    }

    /** Otherwise the end of a server would wait for each of its loops, one after the other. */
    @Test
    void busyLoopsAreWaitedForTogether() throws Exception {
        EventLoops loops = EventLoops.start(8, "acceptor-test", true);
        SocketSettings settings = new SocketSettings(16, true, Map.of());
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // one attempt must succeed, because the machine may be busy
            List<Acceptor> acceptors = Acceptor.open(loops, anywhere, settings, (loop, channel) -> {});
            assumeTrue(acceptors.size() == 8, "the system has no SO_REUSEPORT");
            CountDownLatch release = new CountDownLatch(1);
            loops.all().forEach(loop -> loop.execute(() -> await(release)));
            long begin = System.nanoTime();
            Acceptor.closeAll(acceptors);
            fastest = Math.min(fastest, System.nanoTime() - begin);
            release.countDown();
        }
        assertTrue(loops.stop(Duration.ofSeconds(10)));
        assertTrue(fastest < 1_000_000_000, "it took " + fastest / 1_000_000 + " ms");
    }

    @Test
    void anAcceptorCanBeClosedOnItsLoop() throws Exception {
        EventLoops loops = EventLoops.start(1, "acceptor-test", true);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Acceptor acceptor = Acceptor.open(loops, anywhere, SocketSettings.DEFAULT, (loop, channel) -> {})
                .get(0);
        CompletableFuture.runAsync(acceptor::close, loops.next()).get(20, TimeUnit.SECONDS);
        loops.stop(Duration.ofSeconds(30));
        acceptor.close();
        InetSocketAddress address = (InetSocketAddress) acceptor.address();
        assertThrows(ConnectException.class, () -> new Socket(address.getAddress(), address.getPort()));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void eachLoopMayListenForItself() throws Exception {
        EventLoops loops = EventLoops.start(3, "acceptor-test", true);
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        SocketSettings settings = new SocketSettings(
                16, true, Map.of(StandardSocketOptions.SO_KEEPALIVE, true, StandardSocketOptions.SO_RCVBUF, 65_536));
        BlockingQueue<EventLoop> taken = new LinkedBlockingQueue<>();
        List<Acceptor> acceptors = Acceptor.open(loops, anywhere, settings, (loop, channel) -> {
            if (channel.getOption(StandardSocketOptions.SO_KEEPALIVE) && loop.inLoop()) {
                taken.add(loop);
            }
            channel.close();
        });
        assumeTrue(acceptors.size() > 1, "the system has no SO_REUSEPORT");
        assertEquals(3, acceptors.size());
        assertEquals(1, acceptors.stream().map(Acceptor::address).distinct().count());
        InetSocketAddress address = (InetSocketAddress) acceptors.get(0).address();
        for (int i = 0; i < 20; i++) {
            try (Socket peer = new Socket(address.getAddress(), address.getPort())) {
                assertEquals(-1, peer.getInputStream().read());
            }
        }
        for (int i = 0; i < 20; i++) {
            assertNotNull(taken.poll(20, TimeUnit.SECONDS));
        }
        Acceptor.closeAll(acceptors);
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }
}
