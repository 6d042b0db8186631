package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;
import static dev.tenon.ws.testkit.PresenceScenario.TOPIC;
import static dev.tenon.ws.testkit.PresenceScenario.get;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.topics.Presence;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The laws that an implementation of {@link Presence} must obey, as jqwik properties: all watchers finally have the
 * present members, {@code entered} and {@code left} alternate, a connection leaves once, and the members of a crashed
 * node leave. Subclass it in a test and create a cluster.
 */
public abstract class PresenceLaws {
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
     * Generates steps on random nodes: enter, leave, watch, end a watch.
     *
     * @return numbers, each of which encodes a step
     */
    @Provide
    protected Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers()
                .between(0, PresenceScenario.KINDS * PresenceCluster.NODES * MEMBERS - 1)
                .list()
                .ofMaxSize(40);
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
            PresenceScenario scenario = new PresenceScenario(cluster);
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
            PresenceScenario scenario = new PresenceScenario(cluster);
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
     * Generates a few members.
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
            PresenceScenario scenario = new PresenceScenario(cluster);
            PresenceRecorder recorder = scenario.watch(2);
            scenario.enter(0, "twice");
            scenario.enter(0, "twice");
            scenario.leave(0, "twice");
            checkPresent(scenario, recorder, "twice", "mark 1");
            scenario.enter(1, "twice");
            scenario.leave(0, "twice");
            checkPresent(scenario, recorder, "twice", "mark 2");
            scenario.leave(1, "twice");
            scenario.checkSettled(await(scenario::isSettled));
        }
    }

    /** Checks that a member is present after the watcher has received all earlier changes. */
    private void checkPresent(PresenceScenario scenario, PresenceRecorder recorder, String member, String mark)
            throws Exception {
        scenario.enter(0, mark);
        check(await(() -> recorder.present().contains(mark)), "a member is missing");
        check(recorder.present().contains(member), "a member has left that is still there by another connection");
    }

    /**
     * A member enters once by each connection, and leaves once by it: early, when the connection ends, or both.
     *
     * @throws Exception if the presence fails
     */
    @Property(tries = 1)
    public void aConnectionEntersOnceAndLeavesOnce() throws Exception {
        try (PresenceCluster cluster = cluster()) {
            PresenceScenario scenario = new PresenceScenario(cluster);
            PresenceRecorder recorder = scenario.watch(2);
            Presence node = cluster.node(0);
            MemoryWire first = connection();
            MemoryWire second = connection();
            for (MemoryWire each : List.of(first, first, second)) {
                get(node.enterWhileOpen(TOPIC, "by two", each.server()));
            }
            check(await(() -> recorder.present().contains("by two")), "a member is missing");
            for (MemoryWire each : List.of(first, second)) {
                get(node.leave(TOPIC, "by two", each.server()));
            }
            scenario.checkSettled(await(scenario::isSettled));
            for (MemoryWire each : List.of(first, second)) {
                get(node.enterWhileOpen(TOPIC, "by two", each.server()));
            }
            for (MemoryWire each : List.of(first, first)) {
                get(node.leave(TOPIC, "by two", each.server()));
            }
            checkPresent(scenario, recorder, "by two", "mark 1");
            end(first);
            checkPresent(scenario, recorder, "by two", "mark 2");
            end(second);
            scenario.checkSettled(await(scenario::isSettled));
        }
    }

    private static MemoryWire connection() {
        WebSocketListener ignoring = new WebSocketListener() {};
        return MemoryWire.between(ignoring, ignoring).open();
    }

    private static void end(MemoryWire connection) {
        connection.cut();
        connection.run();
    }

    /**
     * The members of a crashed node leave, except those that have entered on another node too; all others stay.
     *
     * @throws Exception if the presence fails
     */
    @Property(tries = 1)
    public void theMembersOfADeadNodeLeave() throws Exception {
        try (PresenceCluster cluster = cluster()) {
            PresenceScenario scenario = new PresenceScenario(cluster);
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
