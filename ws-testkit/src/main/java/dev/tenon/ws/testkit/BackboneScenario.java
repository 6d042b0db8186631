package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Uses one topic of a cluster step by step, and records the results. The text of a message is its key. */
final class BackboneScenario {
    private static final int TIMEOUT_SECONDS = 30;
    private static final int KINDS = 8;

    /** The result of a replay, and the messages that it must at least contain. */
    record Seen(Position after, Replay replay, List<Position> known) {}

    private final BackboneCluster cluster;
    private final String topic;
    private final List<BackboneRecorder> recorders = new ArrayList<>();
    private final @Nullable BackboneRecorder[] open = new @Nullable BackboneRecorder[BackboneCluster.NODES];
    private final List<String> keys = new ArrayList<>();
    private final Map<String, Position> published = new TreeMap<>();
    private final List<Position> repeated = new ArrayList<>();
    private final List<Seen> replays = new ArrayList<>();

    BackboneScenario(BackboneCluster cluster, String topic) {
        this.cluster = cluster;
        this.topic = topic;
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Runs the step that a number encodes. */
    void step(int code) throws Exception {
        int node = code / KINDS % BackboneCluster.NODES;
        int pick = code / KINDS / BackboneCluster.NODES;
        switch (code % KINDS) {
            case 0, 1, 2 -> publish(node);
            case 3 -> publishAgain(node, pick);
            case 4 -> open(node);
            case 5 -> release(node);
            default -> replay(node, pick);
        }
    }

    void publish(int node) throws Exception {
        String key = "message " + keys.size();
        keys.add(key);
        published.put(key, get(cluster.node(node).publish(topic, KeyedMessage.text(key, key))));
    }

    void publish(int node, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            publish(node);
        }
    }

    /**
     * Publishes a message on a disconnected node, connects it, and publishes the message again with the same key: it is
     * unknown whether the first attempt has succeeded.
     */
    void publishWhileReconnecting(int node) throws Exception {
        KeyedMessage doubtful = KeyedMessage.text("doubtful", "doubtful");
        CompletionStage<Position> attempt = cluster.node(node).publish(topic, doubtful);
        cluster.partition(node, false);
        try {
            get(attempt);
        } catch (ExecutionException unknown) {
            // the same key makes another try safe
        }
        Position position = get(cluster.node(node).publish(topic, doubtful));
        check(position.equals(get(cluster.node(0).publish(topic, doubtful))), "one key, two messages");
        published.put(doubtful.key(), position);
    }

    /** Publishes messages on a new thread. */
    FutureTask<Boolean> publishMeanwhile(int node, int count) {
        FutureTask<Boolean> publisher = new FutureTask<>(() -> {
            publish(node, count);
            return true;
        });
        new Thread(publisher, "publisher").start();
        return publisher;
    }

    private void publishAgain(int node, int pick) throws Exception {
        if (!keys.isEmpty()) {
            String key = keys.get(pick % keys.size());
            repeated.add(get(cluster.node(node).publish(topic, KeyedMessage.text(key, key))));
            check(
                    repeated.get(repeated.size() - 1).equals(published.get(key)),
                    "'" + key + "' was published again with its key and stands elsewhere");
        }
    }

    void open(int node) throws Exception {
        if (open[node] == null) {
            BackboneRecorder recorder = new BackboneRecorder();
            recorders.add(recorder);
            open[node] = recorder;
            recorder.start = get(cluster.node(node).open(topic, recorder));
        }
    }

    void release(int node) {
        BackboneRecorder recorder = open[node];
        if (recorder != null) {
            open[node] = null;
            cluster.node(node).release(topic);
            recorder.released();
        }
    }

    private void replay(int node, int pick) throws Exception {
        List<Position> known = log();
        if (!known.isEmpty()) {
            replay(node, known.get(pick % known.size()));
        }
    }

    void replay(int node, Position after) throws Exception {
        List<Position> known = log();
        replays.add(new Seen(after, get(cluster.node(node).replay(topic, after)), known));
    }

    /** The positions of all messages that were published, in order. */
    List<Position> log() {
        return published.values().stream()
                .sorted(Comparator.comparingLong(Position::offset))
                .toList();
    }

    List<Seen> replays() {
        return replays;
    }

    List<BackboneRecorder> recorders() {
        return recorders;
    }

    /** Whether all nodes with the open topic have received its last message. */
    boolean isSettled() {
        List<Position> log = log();
        return log.isEmpty()
                || recorders.stream()
                        .filter(BackboneRecorder::isOpen)
                        .allMatch(recorder -> hasReceived(recorder, log.get(log.size() - 1)));
    }

    private static boolean hasReceived(BackboneRecorder recorder, Position last) {
        Position start = recorder.start;
        List<Entry> entries = recorder.entries();
        return (start != null && start.offset() >= last.offset())
                || (!entries.isEmpty()
                        && entries.get(entries.size() - 1).position().offset() >= last.offset());
    }

    static List<Position> positions(List<Entry> entries) {
        return entries.stream().map(Entry::position).toList();
    }

    static List<Position> after(List<Position> log, Position position) {
        return log.stream().filter(each -> each.offset() > position.offset()).toList();
    }

    /** Checks that each position belongs to one message in all results. */
    void checkNames() {
        Map<String, String> names = new TreeMap<>();
        published.forEach((key, position) -> name(names, position, key));
        for (BackboneRecorder recorder : recorders) {
            recorder.entries().forEach(entry -> name(names, entry));
        }
        replays.forEach(seen -> seen.replay().entries().forEach(entry -> name(names, entry)));
    }

    private static void name(Map<String, String> names, Entry entry) {
        name(
                names,
                entry.position(),
                StandardCharsets.UTF_8.decode(entry.payload()).toString());
    }

    private static void name(Map<String, String> names, Position position, String text) {
        String before = names.putIfAbsent(position.toString(), text);
        check(before == null || before.equals(text), position + " names '" + before + "' and '" + text + "'");
    }
}
