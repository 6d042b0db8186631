package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.topics.LocalPresence;
import dev.tenon.ws.topics.Presence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        LEAVES_AT_EACH_CALL,
        LEAVES_AGAIN_WITH_THE_CONNECTION,
        ENTERS_AT_EACH_CALL,
        ENTERS_ONCE_PER_NODE,
        HIDES_WHO_WAS_THERE_BEFORE,
        TELLS_AFTER_THE_END,
        KEEPS_THE_MEMBERS_OF_DEAD_NODES,
        KILLS_THE_MEMBERS_OF_OTHERS
    }

    private final LocalPresence node;
    private final Fault fault;
    /** By topic and member. */
    private final Map<String, Deque<Stay>> stays = new HashMap<>();

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
    public Stay enter(String topic, String member) {
        Deque<Stay> known = stays(topic, member);
        if (!known.isEmpty() && fault == Fault.ENTERS_ONCE_PER_NODE) {
            return known.getLast();
        }
        Stay stay = node.enter(topic, member);
        known.add(stay);
        return new Stay() {
            @Override
            public CompletionStage<@Nullable Void> entered() {
                return stay.entered();
            }

            @Override
            public CompletionStage<@Nullable Void> leave() {
                return switch (fault) {
                    case LEAVES_AT_EACH_CALL -> leaveAny(topic, member);
                    case LEAVES_WITH_THE_FIRST_NODE -> {
                        all.forEach(other -> other.leaveAny(topic, member));
                        yield CompletableFuture.completedStage(null);
                    }
                    default -> stay.leave();
                };
            }
        };
    }

    private Deque<Stay> stays(String topic, String member) {
        return stays.computeIfAbsent(topic + member, key -> new ArrayDeque<>());
    }

    private CompletionStage<@Nullable Void> leaveAny(String topic, String member) {
        Stay stay = stays(topic, member).pollLast();
        return stay == null ? CompletableFuture.completedStage(null) : stay.leave();
    }

    @Override
    public CompletionStage<@Nullable Void> enterWhileOpen(String topic, String member, WebSocket webSocket) {
        return switch (fault) {
            case LEAVES_AGAIN_WITH_THE_CONNECTION -> {
                webSocket.whenClosed().thenRun(() -> leaveAny(topic, member));
                yield enter(topic, member).entered();
            }
            case ENTERS_AT_EACH_CALL -> {
                Stay stay = enter(topic, member);
                webSocket.whenClosed().thenRun(stay::leave);
                yield stay.entered();
            }
            default -> Presence.super.enterWhileOpen(topic, member, webSocket);
        };
    }

    @Override
    public CompletionStage<@Nullable Void> leave(String topic, String member, WebSocket webSocket) {
        return switch (fault) {
            case LEAVES_AGAIN_WITH_THE_CONNECTION, ENTERS_AT_EACH_CALL -> leaveAny(topic, member);
            default -> Presence.super.leave(topic, member, webSocket);
        };
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
