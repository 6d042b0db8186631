package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.FrameRecorder.check;

import dev.tenon.ws.topics.Presence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The steps that were run, and the calls that the watchers have received. */
final class PresenceScenario {
    static final String TOPIC = "topic";
    /** How many kinds of steps there are. */
    static final int KINDS = 5;

    private final PresenceCluster cluster;
    /** The stays of each member on each node, the newest last. */
    private final Map<String, Deque<Presence.Stay>> stays = new TreeMap<>();

    private final Map<Integer, Presence.Watch> watches = new TreeMap<>();
    private final Map<Integer, PresenceRecorder> watching = new TreeMap<>();
    private final List<PresenceRecorder> recorders = new ArrayList<>();

    PresenceScenario(PresenceCluster cluster) {
        this.cluster = cluster;
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
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
        Presence.Stay stay = cluster.node(node).enter(TOPIC, member);
        get(stay.entered());
        stays.computeIfAbsent(node + member, key -> new ArrayDeque<>()).add(stay);
    }

    /** Leaves the newest stay twice, which is the same as once. */
    void leave(int node, String member) throws Exception {
        Deque<Presence.Stay> known = stays.get(node + member);
        if (known == null) {
            return;
        }
        Presence.Stay stay = known.removeLast();
        get(stay.leave());
        get(stay.leave());
        if (known.isEmpty()) {
            stays.remove(node + member);
        }
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
        stays.keySet().forEach(key -> expected.add(key.substring(1)));
        return expected;
    }

    void kill(int node) {
        stays.keySet().removeIf(key -> key.startsWith("" + node));
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
