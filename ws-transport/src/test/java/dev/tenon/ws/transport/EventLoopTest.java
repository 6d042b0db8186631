package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The guarantees of a loop for its users. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EventLoopTest {
    private static EventLoops start(int size) throws IOException {
        return EventLoops.start(size, "event-loop-test", true);
    }

    @Test
    void anInterruptFlagIsClearedAfterTheTaskThatSetIt() throws Exception {
        EventLoops loops = start(1);
        EventLoop loop = loops.next();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        loop.execute(() -> Thread.currentThread().interrupt());
        loop.execute(() -> flag.complete(Thread.currentThread().isInterrupted()));
        assertFalse(flag.get(20, TimeUnit.SECONDS));
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    @Test
    void noLoopRunsIfTheThreadOfOneCannotBeStarted() throws Exception {
        List<Thread> threads = new ArrayList<>();
        ThreadFactory limited = task -> {
            Thread thread = new Thread(task) {
                @Override
                public synchronized void start() {
                    if (threads.indexOf(this) == 1) {
                        throw new OutOfMemoryError("deliberate: no more threads");
                    }
                    super.start();
                }
            };
            threads.add(thread);
            return thread;
        };
        assertThrows(OutOfMemoryError.class, () -> EventLoops.start(3, limited, EventLoops.defaultSockets()));
        threads.get(0).join(20_000);
        assertEquals(
                List.of(Thread.State.TERMINATED, Thread.State.NEW, Thread.State.NEW),
                threads.stream().map(Thread::getState).toList());
    }

    @Test
    void anIdleLoopThatIsInterruptedSleepsAgain() throws Exception {
        EventLoops loops = start(1);
        Thread thread = loops.all().get(0).thread();
        CompletableFuture.runAsync(() -> {}, loops.next()).get(20, TimeUnit.SECONDS);
        thread.interrupt();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (thread.isInterrupted() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertFalse(thread.isInterrupted(), "the selector cannot sleep");
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

    @Test
    void theThreadOfALoopInheritsNothing() throws Exception {
        CompletableFuture<String> tenant = new CompletableFuture<>();
        CompletableFuture<ClassLoader> loader = new CompletableFuture<>();
        CompletableFuture<EventLoops> made = new CompletableFuture<>();
        ClassLoader application = new URLClassLoader(new URL[0]);
        Thread request = new Thread(() -> {
            TENANT.set("A");
            Thread.currentThread().setContextClassLoader(application);
            try {
                made.complete(start(1));
            } catch (IOException e) {
                made.completeExceptionally(e);
            }
        });
        request.start();
        EventLoops loops = made.get();
        loops.next().execute(() -> {
            tenant.complete(TENANT.get());
            loader.complete(Thread.currentThread().getContextClassLoader());
        });
        assertNull(tenant.get(20, TimeUnit.SECONDS));
        assertSame(ClassLoader.getSystemClassLoader(), loader.get(20, TimeUnit.SECONDS));
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    @Test
    void stoppingReturnsAtItsDeadlineWhateverACallbackDoes() throws Exception {
        EventLoops loops = start(1);
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        loops.next().execute(() -> {
            holding.countDown();
            try {
                new CountDownLatch(1).await(); // blocks until the interrupt
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        holding.await();
        loops.stop(Duration.ofMillis(50));
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        loops.all().get(0).thread().join();
    }

    @Test
    void aCallbackThatIgnoresTheInterruptDoesNotHoldTheStop() throws Exception {
        EventLoops loops = start(1);
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loops.next().execute(() -> {
            holding.countDown();
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException ignored) {
                    // on purpose
                }
            }
        });
        holding.await();
        assertFalse(loops.stop(Duration.ofMillis(50)));
        release.countDown();
        loops.all().get(0).thread().join();
    }

    @Test
    void aDeadlineWithoutEndIsForEver() throws Exception {
        EventLoops loops = start(1);
        assertTrue(loops.stop(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void connectionsGoToTheLoopWithTheFewest() throws Exception {
        EventLoops loops = start(3);
        loops.all().get(0).load().set(5);
        loops.all().get(1).load().set(2);
        loops.all().get(2).load().set(3);
        assertSame(loops.all().get(1), loops.next());
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    /** A broken selector is not visible from outside, so the test closes the loop's selector. */
    @Test
    void aFailedLoopReportsThatAndGetsNoNewConnections() throws Exception {
        EventLoops loops = start(2);
        EventLoop broken = loops.next();
        broken.selector().close();
        broken.thread().join(20_000);
        assertFalse(loops.areHealthy());
        assertTrue(broken.hasFailed());
        EventLoop other = loops.next();
        assertFalse(other.hasFailed());
        other.load().set(1000);
        assertSame(other, loops.next());
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    /** Completes a future when its link is closed. */
    private record Closing(CompletableFuture<Boolean> closed) implements Protocol {
        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void inputEnded() {}

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {
            closed.complete(true);
        }
    }

    /** Leaves bytes in the cork that make the end of the event throw. */
    private static void poison(EventLoop loop) {
        ScriptedSocket socket = new ScriptedSocket().failsToClose(new OutOfMemoryError("deliberate"));
        WireTap tap = new WireTap() {
            @Override
            public void received(ByteBuffer bytes) {}

            @Override
            public void sent(ByteBuffer bytes) {
                throw new IllegalStateException("deliberate");
            }
        };
        try {
            new Link(loop, ignored -> socket, null, tap).reserve(1).put((byte) 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLoopEndsCompletelyWhateverItsLastTasksThrow() throws Exception {
        EventLoop loop = start(1).next();
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        try (ServerSocketChannel listener = ServerSocketChannel.open();
                SocketChannel channel = loop.provider().openSocketChannel()) {
            SocketAddress address = listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .getLocalAddress();
            channel.configureBlocking(false);
            loop.execute(() -> {
                try {
                    Links.connect(loop, channel, address, null, null, link -> new Closing(closed));
                } catch (IOException e) {
                    closed.completeExceptionally(e);
                }
                loop.stop();
                loop.execute(() -> poison(loop));
                loop.execute(() -> poison(loop));
            });
            assertTrue(closed.get(10, TimeUnit.SECONDS));
            loop.thread().join(20_000);
            assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
            assertFalse(loop.selector().isOpen());
        }
    }

    @Test
    void theLoopSurvivesExceptionsOfTasks() throws Exception {
        EventLoops loops = start(1);
        EventLoop loop = loops.next();
        CompletableFuture<Boolean> after = new CompletableFuture<>();
        for (Error deliberate : List.of(new StackOverflowError("deliberate"), new OutOfMemoryError("deliberate"))) {
            loop.execute(() -> {
                throw deliberate;
            });
        }
        loop.execute(() -> after.complete(true));
        assertTrue(after.get(20, TimeUnit.SECONDS));
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }

    /** Tasks that add themselves run once per turn, however often they do so. */
    @Test
    void aTaskThatAddsItselfAgainRunsOnceATurn() {
        AtomicInteger wakeUps = new AtomicInteger();
        LoopTasks tasks = new LoopTasks(wakeUps::incrementAndGet);
        tasks.bind(Thread.currentThread());
        AtomicInteger runs = new AtomicInteger();
        tasks.add(new Runnable() {
            @Override
            public void run() {
                runs.incrementAndGet();
                tasks.add(this);
            }
        });
        for (int turn = 1; turn <= 10; turn++) {
            tasks.runTurn(Runnable::run);
            assertEquals(turn, runs.get());
        }
        assertEquals(0, wakeUps.get());
    }

    @Test
    void aSelectorIsOpenedByTheProviderThatTheLoopsAreGiven() throws Exception {
        EventLoops loops = start(1);
        Selector selector = loops.next().selector();
        assertSame(loops.provider(), ((AbstractSelector) selector).provider());
        assertTrue(loops.stop(Duration.ofSeconds(10)));
    }
}
