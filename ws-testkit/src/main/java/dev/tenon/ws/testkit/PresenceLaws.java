package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.topics.Presence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The laws that an implementation of {@link Presence} must obey, as jqwik properties: all watchers finally have the
 * present members, {@code entered} and {@code left} alternate, and the members of a crashed node leave. Subclass it in
 * a test and create a cluster.
 */
public abstract class PresenceLaws {
    private static final String TOPIC = "topic";
    private static final int KINDS = 5;
    private static final int MEMBERS = 3;

    /** For subclasses. */
    protected PresenceLaws() {}

    /**
     * Creates a cluster.
     *
     * @return nodes on which no member has entered
     * @throws Exception if that fails
     */
    protected abstract PresenceCluster cluster() throws Exception;

    /**
     * Waits for a condition.
     *
     * @param condition the condition
     * @return false at the timeout, by default after 30 seconds
     * @throws InterruptedException if the thread is interrupted
     */
    protected boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 15_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(2);
        }
        return condition.getAsBoolean();
    }

    /**
     * Steps on random nodes: enter, leave, watch, end a watch.
     *
     * @return numbers, each of which encodes a step
     */
    @Provide
    protected Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers()
                .between(0, KINDS * PresenceCluster.NODES * MEMBERS - 1)
                .list()
                .ofMaxSize(40);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The steps that were run, and the calls that the watchers have received. */
    private static final class Scenario {
        private final PresenceCluster cluster;
        private final Map<String, Integer> entries = new TreeMap<>();
        private final Map<Integer, Presence.Watch> watches = new TreeMap<>();
        private final Map<Integer, PresenceRecorder> watching = new TreeMap<>();
        private final List<PresenceRecorder> recorders = new ArrayList<>();

        Scenario(PresenceCluster cluster) {
            this.cluster = cluster;
        }

        void step(int code) throws Exception {
            int node = code / KINDS % PresenceCluster.NODES;
            String member = "member " + code / KINDS / PresenceCluster.NODES;
            switch (code % KINDS) {
                case 0, 1 -> enter(node, member);
                case 2 -> leave(node, member);
                case 3 -> watch(node);
                default -> endWatch(node);
            }
        }

        void enter(int node, String member) throws Exception {
            get(cluster.node(node).enter(TOPIC, member));
            entries.merge(node + member, 1, Integer::sum);
        }

        void leave(int node, String member) throws Exception {
            get(cluster.node(node).leave(TOPIC, member));
            entries.computeIfPresent(node + member, (key, count) -> count > 1 ? count - 1 : null);
        }

        PresenceRecorder watch(int node) throws Exception {
            PresenceRecorder known = watching.get(node);
            if (known != null) {
                return known;
            }
            PresenceRecorder recorder = new PresenceRecorder();
            recorders.add(recorder);
            watching.put(node, recorder);
            watches.put(node, get(cluster.node(node).watch(TOPIC, recorder)));
            return recorder;
        }

        private void endWatch(int node) {
            Presence.Watch watch = watches.remove(node);
            PresenceRecorder recorder = watching.remove(node);
            if (watch != null && recorder != null) {
                watch.close();
                recorder.closed();
            }
        }

        Set<String> expected() {
            Set<String> expected = new TreeSet<>();
            entries.keySet().forEach(key -> expected.add(key.substring(1)));
            return expected;
        }

        void kill(int node) {
            entries.keySet().removeIf(key -> key.startsWith("" + node));
            watches.remove(node);
            watching.remove(node);
        }

        boolean isSettled() {
            return watching.values().stream()
                    .allMatch(recorder -> recorder.present().equals(expected()));
        }

        void checkSettled(boolean settled) {
            check(
                    settled,
                    "present are " + expected() + ", but watchers know "
                            + watching.values().stream()
                                    .map(PresenceRecorder::present)
                                    .toList());
            recorders.forEach(recorder -> check(recorder.violations().isEmpty(), "" + recorder.violations()));
        }
    }

    /**
     * After any steps, all watchers have the present members, and have received {@code entered} and {@code left}
     * alternately; a watcher receives no call after the end of its watch.
     *
     * @param steps the steps
     * @throws Exception if the presence fails
     */
    @Property(tries = 100)
    public void allWatchersEndWithTheMembersThatAreThere(@ForAll("steps") List<Integer> steps) throws Exception {
        try (PresenceCluster cluster = cluster()) {
            Scenario scenario = new Scenario(cluster);
            for (int step : steps) {
                scenario.step(step);
            }
            scenario.checkSettled(await(scenario::isSettled));
        }
    }

    /**
     * A watcher has received all present members of all nodes when its stage completes.
     *
     * @param members how many members there are
     * @throws Exception if the presence fails
     */
    @Property(tries = 10)
    public void aWatchBeginsWithThoseWhoAreThere(@ForAll("few") int members) throws Exception {
        try (PresenceCluster cluster = cluster()) {
            Scenario scenario = new Scenario(cluster);
            PresenceRecorder first = scenario.watch(2);
            for (int i = 0; i < members; i++) {
                scenario.enter(i % 2, "member " + i);
            }
            check(await(() -> first.present().equals(scenario.expected())), "a member is missing: " + first.present());
            Set<String> there = get(cluster.node(2).members(TOPIC));
            check(there.equals(scenario.expected()), "a watch begins with " + there);
        }
    }

    /**
     * A few members.
     *
     * @return their number
     */
    @Provide
    protected Arbitrary<Integer> few() {
        return Arbitraries.integers().between(1, 10);
    }

    /**
     * A member that has entered twice, or on two nodes, is present until the last of them has left.
     *
     * @throws Exception if the presence fails
     */
    @Property(tries = 1)
    public void aMemberStaysUntilItsLastConnectionHasLeft() throws Exception {
        try (PresenceCluster cluster = cluster()) {
            Scenario scenario = new Scenario(cluster);
            PresenceRecorder recorder = scenario.watch(2);
            scenario.enter(0, "twice");
            scenario.enter(0, "twice");
            scenario.leave(0, "twice");
            checkPresent(scenario, recorder, "mark 1");
            scenario.enter(1, "twice");
            scenario.leave(0, "twice");
            checkPresent(scenario, recorder, "mark 2");
            scenario.leave(1, "twice");
            scenario.checkSettled(await(scenario::isSettled));
        }
    }

    /** Checks that the member is present after the watcher has received all earlier changes. */
    private void checkPresent(Scenario scenario, PresenceRecorder recorder, String mark) throws Exception {
        scenario.enter(0, mark);
        check(await(() -> recorder.present().contains(mark)), "a member is missing");
        check(recorder.present().contains("twice"), "a member has left that is still there by another connection");
    }

    /**
     * The members of a crashed node leave, except those that have entered on another node too; all others stay.
     *
     * @throws Exception if the presence fails
     */
    @Property(tries = 1)
    public void theMembersOfADeadNodeLeave() throws Exception {
        try (PresenceCluster cluster = cluster()) {
            Scenario scenario = new Scenario(cluster);
            PresenceRecorder recorder = scenario.watch(2);
            scenario.enter(0, "on the dead one");
            scenario.enter(0, "on both");
            scenario.enter(1, "on both");
            scenario.enter(1, "on the living");
            check(await(scenario::isSettled), "a member is missing: " + recorder.present());
            cluster.kill(0);
            scenario.kill(0);
            scenario.checkSettled(await(scenario::isSettled));
        }
    }
}
