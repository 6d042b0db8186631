package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mailbox and its wake-up, in every possible order of the steps of two threads and the loop. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxInterleavingTest {
    /** A stack that lets other threads run before each step. */
    private static final class SteppedMailStack extends MailStack {
        private final Interleavings steps;

        SteppedMailStack(Interleavings steps) {
            this.steps = steps;
        }

        @Override
        @Nullable
        Mail top() {
            steps.step();
            return super.top();
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

        @Override
        @Nullable
        Mail close() {
            steps.step();
            return super.close();
        }
    }

    private static class Sends extends IdleRecipient implements Interleavings.Scenario, ConnectionExecutor {
        final List<String> delivered = new ArrayList<>();
        final List<String> offered = new ArrayList<>();
        final Interleavings steps;
        final Mailbox mailbox;
        /** The messages whose offer had returned when the loop sent its own. */
        private Set<String> before = Set.of();

        Sends(Interleavings steps) {
            this.steps = steps;
            mailbox = new Mailbox(this, this, new SteppedMailStack(steps), 1_000, 10_000);
        }

        @Override
        public List<Runnable> producers(Interleavings steps) {
            return List.of(() -> offer("a1"), () -> offer("b1"));
        }

        void offer(String name) {
            assertEquals(SendResult.QUEUED, mailbox.offer(mail(name)));
            offered.add(name);
        }

        static Mail mail(String name) {
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
        public void deliver(Mail mail) {
            delivered.add(new String(mail.bytes().array(), java.nio.charset.StandardCharsets.UTF_8));
        }
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

    /**
     * The connection ends on the loop while threads offer messages: accepted ones are lost and reported, the others
     * refused.
     */
    @Test
    void offersDuringTheEndAreReportedOrRefused() throws InterruptedException {
        Set<Integer> refusals = new HashSet<>();
        Interleavings.all(steps -> new Sends(steps) {
            private final List<Mail> lost = new ArrayList<>();
            private int refused;

            @Override
            void offer(String name) {
                if (mailbox.offer(mail(name)) == SendResult.REFUSED) {
                    refused++;
                }
            }

            @Override
            public void loop(Interleavings steps) {
                mailbox.release();
            }

            @Override
            public void lost(Mail mail) {
                lost.add(mail);
            }

            @Override
            public void check() {
                assertEquals(List.of(), delivered);
                assertEquals(2, lost.size() + refused, "each is lost or refused");
                assertEquals(lost.size(), Set.copyOf(lost).size(), "once");
                refusals.add(refused);
            }
        });
        assertEquals(Set.of(0, 1, 2), refusals, "in every order");
    }
}
