package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An inbox keeps messages for its receivers up to a limit, and the end comes after the last message. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private static final CloseEvent GONE = new CloseEvent(CloseCode.GOING_AWAY, "bye", true, null);

    /** The calls that a connection receives, with their numbers. */
    private final List<String> calls = new ArrayList<>();

    private final ConnectionExecutor elsewhere = new LoopThread();
    private final WebSocket connection = connection();

    private WebSocket connection() {
        return (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(), new Class<?>[] {WebSocket.class}, (self, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return self == arguments[0];
                    }
                    if (method.getName().equals("executor")) {
                        return elsewhere;
                    }
                    calls.add(method.getName() + (arguments == null ? "" : arguments[0]));
                    return null;
                });
    }

    private Inbox opened(long room) {
        Inbox inbox = Inbox.holding(room);
        assertEquals(1, inbox.initialDemand());
        inbox.onOpen(connection);
        return inbox;
    }

    private static Incoming now(Inbox inbox) throws Exception {
        return inbox.receive(Duration.ZERO);
    }

    @Test
    void messagesComeInOrderAndTheEndIsRepeatedAfterTheLast() throws Exception {
        Inbox inbox = opened(1000);
        assertSame(connection, inbox.webSocket());
        inbox.onText(connection, "one");
        ByteBuffer lent = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
        inbox.onBinary(connection, lent);
        lent.put(1, (byte) 7);
        inbox.onClose(connection, GONE);
        assertEquals(new Incoming.Text("one"), inbox.receive());
        assertEquals(new Incoming.Binary(ByteBuffer.wrap(new byte[] {1, 2})), inbox.receive());
        assertEquals(new Incoming.End(GONE), inbox.receive());
        assertEquals(new Incoming.End(GONE), now(inbox));
    }

    @Test
    void theNextMessageIsRequestedOnlyWhileThereIsRoom() throws Exception {
        Inbox inbox = opened(300);
        inbox.onText(connection, "a"); // 130
        assertEquals(List.of("request1"), calls);
        inbox.onText(connection, "b"); // 260
        assertEquals(List.of("request1", "request1"), calls);
        inbox.onText(connection, "c"); // 390 bytes: too many
        assertEquals(2, calls.size());
        assertEquals(new Incoming.Text("a"), now(inbox)); // 260
        assertEquals(2, calls.size(), "at more than half of the room it is not worth it");
        assertEquals(new Incoming.Text("b"), now(inbox)); // 130
        assertEquals(3, calls.size());
        assertEquals(new Incoming.Text("c"), now(inbox));
        assertEquals(3, calls.size(), "asked for already");
    }

    @Test
    void withoutRoomOneMessageIsHeldAtATime() throws Exception {
        Inbox inbox = opened(0);
        inbox.onText(connection, "a");
        assertEquals(List.of(), calls);
        assertEquals(new Incoming.Text("a"), now(inbox));
        assertEquals(List.of("request1"), calls);
        assertThrows(IllegalArgumentException.class, () -> Inbox.holding(-1));
    }

    @Test
    void waitingHasADeadlineAndCanBeInterruptedAndLosesNothing() throws Exception {
        Inbox inbox = opened(1000);
        assertThrows(TimeoutException.class, () -> now(inbox));
        assertThrows(TimeoutException.class, () -> inbox.receive(Duration.ofMillis(1)));
        assertThrows(TimeoutException.class, () -> inbox.receive(Duration.ofSeconds(Long.MIN_VALUE)));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, inbox::receive);
        assertFalse(Thread.interrupted());
        inbox.onText(connection, "one");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, inbox::receive);
        assertEquals(new Incoming.Text("one"), inbox.receive(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void closingDropsStoredMessagesAndRequestsTheRest() throws Exception {
        Inbox inbox = opened(0);
        inbox.onText(connection, "one");
        inbox.close();
        inbox.close();
        assertEquals(List.of("close", "request" + Long.MAX_VALUE), calls);
        inbox.onText(connection, "two");
        assertThrows(TimeoutException.class, () -> now(inbox));
        inbox.onClose(connection, GONE);
        assertEquals(new Incoming.End(GONE), now(inbox));
    }

    @Test
    void anInboxIsForOneConnection() throws Exception {
        Inbox inbox = opened(1000);
        assertEquals(0, inbox.initialDemand());
        WebSocket other = connection();
        assertThrows(IllegalStateException.class, () -> inbox.onOpen(other));
        inbox.onText(other, "one");
        inbox.onClose(other, GONE);
        assertThrows(TimeoutException.class, () -> now(inbox));
    }

    @Test
    void anInboxClosedBeforeItIsOpenEndsAndTakesNoConnection() throws Exception {
        Inbox inbox = Inbox.create();
        assertThrows(IllegalStateException.class, inbox::webSocket);
        inbox.close();
        assertEquals(
                CloseCode.ABNORMAL_CLOSURE, ((Incoming.End) now(inbox)).event().code());
        inbox.onOpen(connection);
        assertEquals(List.of("abort"), calls);
    }

    @Test
    void allWaitingSendersAreNotifiedOfTheEnd() throws Exception {
        Inbox inbox = opened(1000);
        BlockingQueue<Incoming> got = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                try {
                    got.add(inbox.receive());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        inbox.onClose(connection, GONE);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(new Incoming.End(GONE), new Incoming.End(GONE), new Incoming.End(GONE)), List.copyOf(got));
    }

    @Test
    void virtualThreadsWaitWithoutCarriers() throws Exception {
        ExecutorService threads = virtualThreads();
        org.junit.jupiter.api.Assumptions.assumeTrue(threads != null, "virtual threads came with Java 21");
        CountDownLatch waiting = new CountDownLatch(200);
        CountDownLatch got = new CountDownLatch(200);
        Inbox inbox = opened(1000);
        for (int i = 0; i < 200; i++) {
            threads.execute(() -> {
                waiting.countDown();
                try {
                    inbox.receive();
                    got.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertTrue(waiting.await(20, TimeUnit.SECONDS), "some threads hold carriers while they wait");
        inbox.onClose(connection, GONE);
        assertTrue(got.await(20, TimeUnit.SECONDS));
        threads.shutdown();
    }

    private static @Nullable ExecutorService virtualThreads() throws IllegalAccessException, InvocationTargetException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException old) {
            return null;
        }
    }
}
