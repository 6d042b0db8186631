package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sleeping loop has no task in its queue, in any interleaving. */
class LoopTasksTest {
    /**
     * All interleavings of two threads that add (store the task, check whether the loop sleeps), and the loop (announce
     * the sleep, check for tasks). After each, the loop is awake, or it has no task, or a wake-up is in progress.
     */
    @Test
    void noInterleavingOfTheStepsLeavesATaskBehind() {
        int schedules = 0;
        for (List<Integer> schedule : interleavings(List.of(2, 2, 2))) {
            Model model = new Model();
            schedule.forEach(model::step);
            assertTrue(!model.asleep || model.queued == 0 || model.wakeUps > 0, () -> "lost by " + schedule);
            assertTrue(model.wakeUps <= 1, () -> "woken twice by " + schedule);
            schedules++;
        }
        assertEquals(90, schedules);
    }

    /** A model of {@link LoopTasks} with one memory access per step. */
    private static final class Model {
        private int queued;
        private boolean sleeping;
        private boolean asleep;
        private int wakeUps;
        private final int[] at = new int[3];

        void step(int thread) {
            int step = at[thread]++;
            if (thread == 2) {
                loop(step);
            } else if (step == 0) {
                queued++;
            } else if (sleeping) { // compare-and-set counts as one step
                sleeping = false;
                wakeUps++;
            }
        }

        private void loop(int step) {
            if (step == 0) {
                sleeping = true;
            } else if (queued == 0) {
                asleep = true;
            } else {
                sleeping = false;
            }
        }
    }

    private static List<List<Integer>> interleavings(List<Integer> left) {
        if (left.stream().allMatch(steps -> steps == 0)) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (int thread = 0; thread < left.size(); thread++) {
            if (left.get(thread) > 0) {
                List<Integer> rest = new ArrayList<>(left);
                rest.set(thread, rest.get(thread) - 1);
                for (List<Integer> tail : interleavings(rest)) {
                    List<Integer> schedule = new ArrayList<>(List.of(thread));
                    schedule.addAll(tail);
                    all.add(schedule);
                }
            }
        }
        return all;
    }

    /** Tasks from several threads: a loop sleeps until it is woken, and other threads add tasks at any time. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aSleepingLoopIsWokenForEveryTask() throws Exception {
        int each = 20_000;
        Semaphore selector = new Semaphore(0);
        LoopTasks tasks = new LoopTasks(selector::release);
        AtomicInteger done = new AtomicInteger();
        Thread loop = new Thread(() -> {
            while (done.get() < 2 * each) {
                if (tasks.trySleep()) {
                    selector.acquireUninterruptibly();
                    tasks.awake();
                }
                tasks.runTurn(Runnable::run);
            }
        });
        tasks.bind(loop);
        loop.start();
        List<Thread> adding = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(() -> {
                for (int task = 0; task < each; task++) {
                    tasks.add(done::incrementAndGet);
                }
            });
            adding.add(thread);
            thread.start();
        }
        for (Thread thread : adding) {
            thread.join();
        }
        loop.join();
        assertEquals(2 * each, done.get());
    }
}
