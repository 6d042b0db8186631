package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario of a few threads once for every possible order of their steps. One thread runs at a time and may
 * switch at each {@link #step}. The search is depth first: it repeats the scenario with another choice at the last
 * place that had one.
 */
final class Interleavings {
    /** A scenario, created anew for each order. */
    interface Scenario {
        /** Returns the tasks of the threads. */
        List<Runnable> producers(Interleavings steps);

        /** Runs the loop's own steps on the loop's thread, before its tasks. */
        void loop(Interleavings steps);

        /** Checks the laws after all threads have ended. */
        void check();
    }

    private static final class Actor {
        final Semaphore go = new Semaphore(0);
        boolean begun;
        boolean ended;
        boolean waits;

        @Nullable
        Throwable thrown;
    }

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Semaphore back = new Semaphore(0);
    private final List<Actor> actors = new ArrayList<>();
    private @Nullable Actor current;
    private @Nullable Thread loop;

    private Interleavings() {}

    /** Runs all orders; returns how many there are. */
    static int all(java.util.function.Function<Interleavings, Scenario> scenarios) throws InterruptedException {
        List<Integer> choices = new ArrayList<>();
        int count = 0;
        while (true) {
            List<Integer> options = new ArrayList<>();
            Interleavings steps = new Interleavings();
            Scenario scenario = scenarios.apply(steps);
            steps.run(scenario, choices, options);
            scenario.check();
            count++;
            int last = options.size() - 1;
            while (last >= 0 && choices.get(last) + 1 >= options.get(last)) {
                last--;
            }
            if (last < 0) {
                return count;
            }
            choices = new ArrayList<>(choices.subList(0, last + 1));
            choices.set(last, choices.get(last) + 1);
        }
    }

    private void run(Scenario scenario, List<Integer> choices, List<Integer> options) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Runnable producer : scenario.producers(this)) {
            threads.add(start(producer));
        }
        Actor looping = new Actor();
        Thread loopThread = start(looping, () -> {
            scenario.loop(this);
            runTasks(looping);
        });
        loop = loopThread;
        threads.add(loopThread);
        threads.forEach(Thread::start);
        while (true) {
            List<Actor> ready = actors.stream()
                    .filter(actor -> !actor.ended && !(actor.waits && tasks.isEmpty()))
                    .toList();
            if (ready.isEmpty()) {
                break;
            }
            int at = options.size();
            options.add(ready.size());
            if (choices.size() == at) {
                choices.add(0);
            }
            Actor chosen = ready.get(choices.get(at));
            current = chosen;
            chosen.go.release();
            back.acquire();
        }
        looping.ended = true;
        looping.go.release();
        for (Thread thread : threads) {
            thread.join();
        }
        for (Actor actor : actors) {
            if (actor.thrown != null) {
                throw new AssertionError("a thread has failed", actor.thrown);
            }
        }
    }

    private Thread start(Runnable body) {
        return start(new Actor(), body);
    }

    private Thread start(Actor actor, Runnable body) {
        actors.add(actor);
        return new Thread(() -> {
            actor.go.acquireUninterruptibly();
            try {
                body.run();
            } catch (Throwable thrown) {
                actor.thrown = thrown;
            }
            actor.ended = true;
            back.release();
        });
    }

    private void runTasks(Actor looping) {
        while (true) {
            looping.waits = true;
            back.release();
            looping.go.acquireUninterruptibly();
            looping.waits = false;
            if (looping.ended) {
                return;
            }
            tasks.remove().run();
        }
    }

    /** Lets another thread run. */
    void step() {
        Actor actor = Objects.requireNonNull(current);
        if (!actor.begun) { // it has just been chosen
            actor.begun = true;
            return;
        }
        back.release();
        actor.go.acquireUninterruptibly();
    }

    boolean isLoop() {
        return Thread.currentThread() == loop;
    }

    /** Adds a task for the loop's thread. */
    void execute(Runnable task) {
        tasks.add(task);
    }
}
