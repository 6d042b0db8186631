package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.BackboneChecks.checkAllOrNothing;
import static dev.tenon.ws.testkit.BackboneChecks.checkReceived;
import static dev.tenon.ws.testkit.BackboneChecks.joined;
import static dev.tenon.ws.testkit.BackboneScenario.after;
import static dev.tenon.ws.testkit.BackboneScenario.get;
import static dev.tenon.ws.testkit.BackboneScenario.positions;
import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The laws that an implementation of {@link Backbone} must obey, as jqwik properties: one order for all nodes, unique
 * positions, one message per key, and replays that continue with live messages. Subclass it in a test and create a
 * cluster, whose histories hold 200 messages or more, but fewer than 1,500, so that some are discarded.
 */
public abstract class BackboneLaws {
    private static final String TOPIC = "topic";
    /** More messages than a history should hold. */
    private static final int OVERFLOWING = 1_500;

    /** For subclasses. */
    protected BackboneLaws() {}

    /**
     * Creates a cluster.
     *
     * @return nodes on which the topics {@code topic} and {@code other} have not been used
     * @throws Exception if that fails
     */
    protected abstract BackboneCluster cluster() throws Exception;

    /**
     * Waits for a condition.
     *
     * @param condition the condition
     * @return false at the timeout, by default after ten seconds
     * @throws InterruptedException if the thread is interrupted
     */
    protected boolean await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 5000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(2);
        }
        return condition.getAsBoolean();
    }

    /**
     * Generates steps on random nodes: publish, publish again, open, release, replay.
     *
     * @return numbers, each of which encodes a step
     */
    @Provide
    protected Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, 10_000).list().ofMaxSize(40);
    }

    private BackboneScenario play(BackboneCluster cluster, List<Integer> steps) throws Exception {
        BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
        for (int step : steps) {
            scenario.step(step);
        }
        check(await(scenario::isSettled), "a node that has the topic open has not got its last message");
        return scenario;
    }

    /**
     * A node receives exactly the messages behind the position that {@code open} has returned, each once, in the order of
     * their positions, and none after {@code release}.
     *
     * @param steps what is done
     * @throws Exception if the backbone fails
     */
    @Property(tries = 100)
    public void allNodesReceiveAllMessagesInOneOrder(@ForAll("steps") List<Integer> steps) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = play(cluster, steps);
            scenario.recorders().forEach(recorder -> checkReceived(recorder, scenario.log()));
        }
    }

    /**
     * A position belongs to one message in the acknowledgements, the live messages and the replays of all nodes; two
     * messages never have the same position.
     *
     * @param steps what is done
     * @throws Exception if the backbone fails
     */
    @Property(tries = 100)
    public void aPositionNamesOneMessage(@ForAll("steps") List<Integer> steps) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = play(cluster, steps);
            scenario.checkNames();
            List<Position> log = scenario.log();
            check(new HashSet<>(log).size() == log.size(), "two messages have one position: " + log);
        }
    }

    /**
     * A message that any node publishes again with the same key is not added again.
     *
     * @param steps what is done
     * @throws Exception if the backbone fails
     */
    @Property(tries = 100)
    public void oneKeyIsOneMessage(@ForAll("steps") List<Integer> steps) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = play(cluster, steps);
            Position nothing = new Position("none", 0);
            Position end = get(cluster.node(0).replay(TOPIC, nothing)).end();
            Replay all = get(cluster.node(0).replay(TOPIC, new Position(end.epoch(), 0)));
            check(all.recovered(), "a history of few messages reaches back to its beginning");
            check(
                    positions(all.entries()).equals(scenario.log()),
                    "the history holds other messages than were published");
        }
    }

    /**
     * A replay has all messages behind its position that were published before, in order, up to its end position.
     *
     * @param steps what is done
     * @throws Exception if the backbone fails
     */
    @Property(tries = 100)
    public void aReplayHasAllMessagesAfterItsPosition(@ForAll("steps") List<Integer> steps) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            play(cluster, steps).replays().forEach(BackboneChecks::checkRecovered);
        }
    }

    /**
     * A position of another history, or behind the end, is not recovered.
     *
     * @param count how many messages there are
     * @throws Exception if the backbone fails
     */
    @Property(tries = 10)
    public void aPositionOutsideTheHistoryIsNotRecovered(@ForAll("few") int count) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            for (int i = 0; i < count; i++) {
                scenario.publish(i % BackboneCluster.NODES);
            }
            Position end = get(cluster.node(0).replay(TOPIC, new Position("foreign", 1)))
                    .end();
            for (Position after : List.of(
                    new Position("foreign", 0),
                    new Position("foreign", end.offset()),
                    new Position(end.epoch(), end.offset() + 1_000_000))) {
                Replay replay = get(cluster.node(1).replay(TOPIC, after));
                check(!replay.recovered(), after + " is not of this history, and recovered from");
                check(replay.entries().isEmpty(), "entries, but not recovered");
            }
        }
    }

    /**
     * Generates a few messages.
     *
     * @return their number
     */
    @Provide
    protected Arbitrary<Integer> few() {
        return Arbitraries.integers().between(1, 20);
    }

    /**
     * A history beyond its limit recovers a position with all messages behind it, or not at all.
     *
     * @throws Exception if the backbone fails
     */
    @Property(tries = 1)
    public void aHistoryThatHasOverflowedRecoversAllOrNothing() throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            for (int i = 0; i < OVERFLOWING; i++) {
                scenario.publish(i % BackboneCluster.NODES);
            }
            List<Position> log = scenario.log();
            for (int i = 0; i < log.size(); i += 50) {
                scenario.replay(i % BackboneCluster.NODES, log.get(i));
            }
            scenario.replays().forEach(seen -> checkAllOrNothing(seen, log));
        }
    }

    /**
     * A node that opens a topic while others publish, and then replays from the beginning, gets every message, in the
     * replay or live.
     *
     * @param before how many messages are published before
     * @throws Exception if the backbone fails
     */
    @Property(tries = 20)
    public void aReplayJoinsTheLiveMessagesWhileOthersPublish(@ForAll("few") int before) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            scenario.publish(0, before);
            Position first = scenario.log().get(0);
            FutureTask<Boolean> publisher = scenario.publishMeanwhile(1, 50);
            BackboneRecorder recorder = new BackboneRecorder();
            recorder.start = get(cluster.node(2).open(TOPIC, recorder));
            Replay replay = get(cluster.node(2).replay(TOPIC, first));
            check(publisher.get(60, TimeUnit.SECONDS), "published");
            List<Position> expected = after(scenario.log(), first);
            check(replay.recovered(), "the history reaches back to " + first);
            check(await(() -> joined(replay, recorder).size() >= expected.size()), "a message is missing");
            check(joined(replay, recorder).equals(expected), "replay and live are " + joined(replay, recorder));
        }
    }

    /**
     * A disconnected node receives all messages after it is connected again, or is notified that the topic is lost. A
     * message that it has published meanwhile, and publishes again with the same key, exists once.
     *
     * @param count how many messages are published meanwhile
     * @throws Exception if the backbone fails
     */
    @Property(tries = 10)
    public void aPartitionLosesNothingInSilence(@ForAll("few") int count) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            scenario.publish(0);
            scenario.open(1);
            if (!cluster.partition(1, true)) {
                return;
            }
            scenario.publish(0, count);
            scenario.publishWhileReconnecting(1);
            List<Position> expected = scenario.log();
            BackboneRecorder recorder = scenario.recorders().get(0);
            List<Position> live = after(expected, expected.get(0));
            check(
                    await(() ->
                            recorder.isLost() || positions(recorder.entries()).equals(live)),
                    "the node has neither received all nor lost the topic: " + positions(recorder.entries()));
            Replay replay = get(cluster.node(1).replay(TOPIC, expected.get(0)));
            check(replay.recovered() && positions(replay.entries()).equals(live), "the replay is " + replay);
        }
    }

    /**
     * A disconnected node whose messages the history has discarded before it is connected again is notified that the topic
     * is lost, or receives all messages. It never receives a later message without those before.
     *
     * @throws Exception if the backbone fails
     */
    @Property(tries = 1)
    public void messagesThatTheHistoryHasDiscardedAreReported() throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            scenario.open(1);
            scenario.publish(0);
            check(await(scenario::isSettled), "a node has not received a message");
            if (!cluster.partition(1, true)) {
                return;
            }
            scenario.publish(0, OVERFLOWING);
            cluster.partition(1, false);
            check(await(scenario::isSettled), "the node has neither received the last message nor lost the topic");
            checkReceived(scenario.recorders().get(0), scenario.log());
        }
    }

    /**
     * After a restart, an earlier position is recovered with all messages behind it, or not at all; no new message has
     * an old position.
     *
     * @param count how many messages are published before
     * @throws Exception if the backbone fails
     */
    @Property(tries = 5)
    public void aRestartRecoversAllOrNothing(@ForAll("few") int count) throws Exception {
        try (BackboneCluster cluster = cluster()) {
            BackboneScenario scenario = new BackboneScenario(cluster, TOPIC);
            scenario.publish(0, count);
            List<Position> before = scenario.log();
            if (!cluster.restart()) {
                return;
            }
            Position fresh = get(cluster.node(1).publish(TOPIC, KeyedMessage.text("fresh", "fresh")));
            check(!before.contains(fresh), "a new message stands at the old position " + fresh);
            BackboneChecks.checkRestarted(get(cluster.node(2).replay(TOPIC, before.get(0))), before, fresh);
        }
    }
}
