package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A mailbox that gets mails while it delivers others. */
class MailboxTest extends IdleRecipient implements ConnectionExecutor {
    private final Thread loop = Thread.currentThread();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Mailbox mailbox = new Mailbox(this, this, new MailStack(), 1_000, 10_000);
    private final List<String> delivered = new ArrayList<>();

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

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == loop;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void deliver(Mail mail) {
        mail.task().run();
    }
}
