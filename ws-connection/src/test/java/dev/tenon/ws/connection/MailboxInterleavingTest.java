package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mailbox and its wake-up in every order in which the steps of two threads and the loop can happen. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxInterleavingTest {
    /** A mailbox that gives way before each step on its stack. */
    private static final class Stepped extends Mailbox {
        private final Interleavings steps;

        Stepped(Interleavings steps, ConnectionExecutor executor, Recipient recipient) {
            super(executor, recipient, 1_000, 10_000);
            this.steps = steps;
        }

        @Override
        @Nullable
        Mail head() {
            steps.step();
            return super.head();
        }

        @Override
        boolean push(@Nullable Mail expected, Mail mail) {
            steps.step();
            return super.push(expected, mail);
        }

        @Override
        @Nullable
        Mail take() {
            steps.step();
            return super.take();
        }
    }

    private static class Sends implements Interleavings.Scenario, Mailbox.Recipient, ConnectionExecutor {
        final List<String> delivered = new ArrayList<>();
        final List<String> offered = new ArrayList<>();
        final Interleavings steps;
        final Mailbox mailbox;
        /** What had been offered, and the offer had returned, when the loop sent its own. */
        private Set<String> before = Set.of();

        Sends(Interleavings steps) {
            this.steps = steps;
            mailbox = new Stepped(steps, this, this);
        }

        @Override
        public List<Runnable> producers(Interleavings steps) {
            return List.of(() -> offer("a1"), () -> offer("b1"));
        }

        final void offer(String name) {
            assertEquals(SendResult.QUEUED, mailbox.offer(mail(name)));
            offered.add(name);
        }

        private static Mail mail(String name) {
            return Mail.data(
                    Mail.Kind.WHOLE, MessageType.TEXT, ByteBuffer.wrap(Bytes.utf8(name)), SendMode.DEFAULT, null);
        }

        @Override
        public void loop(Interleavings steps) {
            before = Set.copyOf(offered);
            assertTrue(mailbox.flush());
            delivered.add("loop");
        }

        @Override
        public void check() {
            assertEquals(expected(), Set.copyOf(delivered), "taken means delivered");
            assertEquals(3, delivered.size(), "once");
            for (String name : before) {
                assertTrue(delivered.indexOf(name) < delivered.indexOf("loop"), "the loop has overtaken " + name);
            }
        }

        Set<String> expected() {
            return Set.of("a1", "b1", "loop");
        }

        @Override
        public boolean isCurrentThread() {
            return steps.isLoop();
        }

        @Override
        public void execute(Runnable task) {
            steps.execute(task);
        }

        @Override
        public long backlog() {
            return 0;
        }

        @Override
        public boolean isMidMessage() {
            return false;
        }

        @Override
        public boolean takesPiece(MessageType type) {
            return true;
        }

        @Override
        public void deliver(Mail mail) {
            delivered.add(new String(mail.bytes().array(), java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public void lost(Mail mail) {
            throw new AssertionError("lost");
        }

        @Override
        public void closeWaits() {}

        @Override
        public void requireWritable() {}
    }

    @Test
    void nothingIsLostOvertakenOrForgottenInAnyOrder() throws InterruptedException {
        int orders = Interleavings.all(Sends::new);
        assertTrue(orders > 300, "only " + orders);
    }

    @Test
    void theOrderOfASenderIsKept() throws InterruptedException {
        Interleavings.all(steps -> new Sends(steps) {
            @Override
            public List<Runnable> producers(Interleavings steps) {
                return List.of(() -> {
                    offer("a1");
                    offer("a2");
                });
            }

            @Override
            Set<String> expected() {
                return Set.of("a1", "a2", "loop");
            }

            @Override
            public void check() {
                super.check();
                assertTrue(delivered.indexOf("a1") < delivered.indexOf("a2"));
            }
        });
    }

    /** The connection ends on the loop while others offer: what was taken is delivered or lost, and nothing is both. */
    @Test
    void whatMeetsTheEndIsDeliveredOrReported() throws InterruptedException {
        Interleavings.all(steps -> new Sends(steps) {
            private final List<Mail> lost = new ArrayList<>();
            private boolean over;

            @Override
            public void loop(Interleavings steps) {
                over = true;
                mailbox.release();
            }

            @Override
            public void deliver(Mail mail) {
                if (over) {
                    lost.add(mail);
                } else {
                    super.deliver(mail);
                }
            }

            @Override
            public void lost(Mail mail) {
                lost.add(mail);
            }

            @Override
            public void check() {
                assertEquals(2, delivered.size() + lost.size());
                assertEquals(2, Set.copyOf(lost).size() + Set.copyOf(delivered).size());
            }
        });
    }
}
