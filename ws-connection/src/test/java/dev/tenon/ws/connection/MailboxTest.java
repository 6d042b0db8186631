package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mailbox that gets mails while it delivers others. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxTest extends IdleRecipient implements ConnectionExecutor {
    private volatile Thread loop = Thread.currentThread();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox(this, this, new MailStack(), 1_000, 10_000);
    private final List<String> delivered = new ArrayList<>();

    private final CompletableFuture<Void> counting = new CompletableFuture<>();
    private final CompletableFuture<Void> delivering = new CompletableFuture<>();
    private final CompletableFuture<SendResult> offered = new CompletableFuture<>();
    private volatile long backlog;
    /** What another thread does when it has read the stack, or before it reads the backlog. */
    private volatile Runnable afterStack = () -> {};

    private volatile Runnable beforeBacklog = () -> {};

    private void offer(String name) {
        assertEquals(SendResult.QUEUED, mailbox.offer(Mail.task(Mail.Kind.TASK, () -> delivered.add(name))));
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Otherwise a call on the loop would last as long as other threads go on sending. */
    @Test
    void aFlushDeliversTheMailsThatWereThereWhenItBegan() {
        int most = 1_000;
        Runnable another = new Runnable() {
            @Override
            public void run() {
                if (delivered.size() < most) {
                    delivered.add("more");
                    CompletableFuture.runAsync(() -> mailbox.offer(Mail.task(Mail.Kind.TASK, this)))
                            .join();
                }
            }
        };
        mailbox.offer(Mail.task(Mail.Kind.TASK, another));
        offer("second");
        assertTrue(mailbox.flush());
        assertEquals(List.of("more", "second"), delivered);
        runTasks();
        assertEquals(most, delivered.size(), "the others come later");
    }

    @Test
    void aMailOfADeliveryIsDeliveredLater() {
        mailbox.offer(Mail.task(Mail.Kind.TASK, () -> offer("from inside")));
        assertTrue(mailbox.flush());
        runTasks();
        assertEquals(List.of("from inside"), delivered);
    }

    /** Otherwise a plain send would end the connection although there is room. */
    @Test
    void mailsThatAreTakenWhileAnotherThreadCountsThemCountOnce() {
        mailbox.offer(mail(Mail.Kind.WHOLE));
        mailbox.offer(mail(Mail.Kind.WHOLE));
        afterStack = this::letTheLoopDeliver;
        offerOnAnotherThread();
        counting.join();
        runTasks();
        assertEquals(SendResult.CONGESTED, offered.join());
    }

    @Test
    void mailsThatAreSentWhileAnotherThreadCountsThemCountOnce() {
        mailbox.offer(Mail.task(Mail.Kind.TASK, () -> {
            beforeBacklog = this::letTheLoopDeliver;
            offerOnAnotherThread();
            counting.join();
        }));
        mailbox.offer(mail(Mail.Kind.WHOLE));
        mailbox.offer(mail(Mail.Kind.WHOLE));
        runTasks();
        assertEquals(SendResult.CONGESTED, offered.join());
    }

    private void offerOnAnotherThread() {
        loop = Thread.currentThread();
        new Thread(() -> offered.complete(mailbox.offer(mail(Mail.Kind.PIECE)))).start();
    }

    private void letTheLoopDeliver() {
        afterStack = () -> {};
        beforeBacklog = () -> {};
        counting.complete(null);
        delivering.join();
    }

    private static Mail mail(Mail.Kind kind) {
        return Mail.data(kind, MessageType.BINARY, ByteBuffer.allocate(3_000), SendMode.DEFAULT, null);
    }

    @Override
    public boolean isContinuedBy(MessageType type) {
        afterStack.run();
        return false;
    }

    @Override
    public long backlog() {
        beforeBacklog.run();
        return backlog;
    }

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == loop;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop writes it
    public void deliver(Mail mail) {
        if (!mail.isData()) {
            mail.task().run();
            return;
        }
        backlog += mail.cost;
        delivering.complete(null);
        offered.join();
    }
}
