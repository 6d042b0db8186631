package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.LocalPresence;
import dev.tenon.ws.topics.Presence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node of the in-process presence that has at most one fault. */
final class FaultyPresence implements Presence {
    enum Fault {
        NONE,
        FORGETS_TO_TELL_OF_LEAVING,
        TELLS_OF_ENTERING_TWICE,
        LEAVES_WITH_THE_FIRST_NODE,
        ENTERS_ONCE_PER_NODE,
        HIDES_WHO_WAS_THERE_BEFORE,
        TELLS_AFTER_THE_END,
        KEEPS_THE_MEMBERS_OF_DEAD_NODES,
        KILLS_THE_MEMBERS_OF_OTHERS
    }

    private final LocalPresence node;
    private final Fault fault;
    private final Set<String> entered = new HashSet<>();

    private final List<FaultyPresence> all;

    FaultyPresence(LocalPresence node, Fault fault, List<FaultyPresence> all) {
        this.node = node;
        this.fault = fault;
        this.all = all;
    }

    /** Returns a cluster of three such nodes. */
    static PresenceCluster cluster(Fault fault) {
        LocalPresence first = LocalPresence.create();
        List<FaultyPresence> nodes = new ArrayList<>();
        for (LocalPresence node : List.of(first, first.node(), first.node())) {
            nodes.add(new FaultyPresence(node, fault, nodes));
        }
        return new PresenceCluster() {
            @Override
            public Presence node(int index) {
                return nodes.get(index);
            }

            @Override
            public void kill(int index) {
                if (fault == Fault.KILLS_THE_MEMBERS_OF_OTHERS) {
                    nodes.get(1).node.close();
                }
                if (fault != Fault.KEEPS_THE_MEMBERS_OF_DEAD_NODES) {
                    nodes.get(index).close();
                }
            }

            @Override
            public void close() {
                nodes.forEach(FaultyPresence::close);
            }
        };
    }

    @Override
    public CompletionStage<@Nullable Void> enter(String topic, String member) {
        boolean again = !entered.add(topic + member);
        return again && fault == Fault.ENTERS_ONCE_PER_NODE
                ? CompletableFuture.completedStage(null)
                : node.enter(topic, member);
    }

    @Override
    public CompletionStage<@Nullable Void> leave(String topic, String member) {
        if (fault == Fault.LEAVES_WITH_THE_FIRST_NODE) {
            all.forEach(other -> other.node.leave(topic, member));
            return CompletableFuture.completedStage(null);
        }
        return node.leave(topic, member);
    }

    @Override
    public CompletionStage<Watch> watch(String topic, Watcher watcher) {
        Faults faults = new Faults(watcher);
        CompletionStage<Watch> watch = node.watch(topic, faults);
        faults.begun = true;
        return watch.thenApply(real -> () -> {
            if (fault != Fault.TELLS_AFTER_THE_END) {
                real.close();
            }
        });
    }

    /** Applies the faults of the messages to a watcher. */
    private final class Faults implements Watcher {
        private final Watcher watcher;
        boolean begun;

        Faults(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void entered(String member) {
            if (begun || fault != Fault.HIDES_WHO_WAS_THERE_BEFORE) {
                watcher.entered(member);
            }
            if (fault == Fault.TELLS_OF_ENTERING_TWICE) {
                watcher.entered(member);
            }
        }

        @Override
        public void left(String member) {
            if (fault != Fault.FORGETS_TO_TELL_OF_LEAVING) {
                watcher.left(member);
            }
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
