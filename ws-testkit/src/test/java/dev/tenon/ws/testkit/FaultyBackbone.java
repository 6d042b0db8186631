package dev.tenon.ws.testkit;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.HistoryLimits;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.LocalBackbone;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A node of the in-process backbone that can be cut off, and has at most one fault. */
final class FaultyBackbone implements Backbone {
    enum Fault {
        NONE,
        SWAPS_TWO_MESSAGES,
        LOSES_A_MESSAGE,
        DELIVERS_TWICE,
        DELIVERS_AFTER_RELEASE,
        SAYS_AN_OLDER_START,
        SAYS_A_NEWER_START,
        IGNORES_KEYS,
        REPLAYS_ANOTHER_TEXT,
        REPLAYS_ALL_BUT_THE_LAST,
        REPLAYS_THE_POSITION_ITSELF,
        REPLAYS_BACKWARDS,
        REPLAYS_WITHOUT_THE_FIRST,
        SAYS_A_NEWER_END,
        RECOVERS_FROM_FOREIGN_EPOCHS,
        RECOVERS_A_PART,
        FORGETS_A_PARTITION,
        CONTINUES_WITH_WHAT_THE_HISTORY_STILL_HAS,
        APPENDS_DOUBTFUL_MESSAGES_TWICE,
        KEEPS_ITS_EPOCH_WITHOUT_ITS_HISTORY
    }

    private static final int HISTORY = 1_000;

    private final LocalBackbone node;
    private final Fault fault;
    private final Map<String, Faults> open = new HashMap<>();
    private boolean cut;

    FaultyBackbone(LocalBackbone node, Fault fault) {
        this.node = node;
        this.fault = fault;
    }

    /** Returns a cluster of three such nodes. */
    static BackboneCluster cluster(Fault fault) {
        return new BackboneCluster() {
            private List<FaultyBackbone> nodes = start();

            private List<FaultyBackbone> start() {
                LocalBackbone store = LocalBackbone.create(new HistoryLimits(HISTORY, 1 << 20, 10));
                List<FaultyBackbone> fresh = new ArrayList<>();
                for (int i = 0; i < NODES; i++) {
                    fresh.add(new FaultyBackbone(store.node(), fault));
                }
                return fresh;
            }

            @Override
            public Backbone node(int index) {
                return nodes.get(index);
            }

            @Override
            public boolean partition(int index, boolean cut) {
                nodes.get(index).cut(cut);
                return true;
            }

            @Override
            public boolean restart() {
                nodes = start();
                return true;
            }

            @Override
            public void close() {
                nodes.forEach(FaultyBackbone::close);
            }
        };
    }

    private void cut(boolean now) {
        cut = now;
        if (fault == Fault.CONTINUES_WITH_WHAT_THE_HISTORY_STILL_HAS) {
            open.values().forEach(Faults::continueIfConnected);
        } else if (now && fault != Fault.FORGETS_A_PARTITION) {
            open.forEach((topic, receiver) -> {
                node.release(topic);
                receiver.lost(new IOException("cut off"));
            });
            open.clear();
        }
    }

    @Override
    public CompletionStage<Position> open(String topic, Receiver receiver) {
        Faults faults = new Faults(receiver);
        open.put(topic, faults);
        return node.open(topic, faults).thenApply(start -> switch (fault) {
            case SAYS_AN_OLDER_START -> new Position(start.epoch(), Math.max(0, start.offset() - 1));
            case SAYS_A_NEWER_START -> new Position(start.epoch(), start.offset() + 1);
            default -> named(start);
        });
    }

    /** Applies the faults of the messages to a receiver. */
    private final class Faults implements Receiver {
        private final Receiver receiver;
        private int count;
        private @Nullable Entry held;
        private final ArrayDeque<Entry> missed = new ArrayDeque<>();

        Faults(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void received(Entry entry) {
            count++;
            if (cut) {
                missed.add(entry);
                if (missed.size() > HISTORY) {
                    missed.remove();
                }
            }
            if (cut || (fault == Fault.LOSES_A_MESSAGE && count == 2)) {
                return;
            }
            if (fault == Fault.SWAPS_TWO_MESSAGES && count == 2) {
                held = entry;
                return;
            }
            receiver.received(named(entry));
            if (fault == Fault.DELIVERS_TWICE) {
                receiver.received(entry);
            }
            Entry late = held;
            if (late != null) {
                held = null;
                receiver.received(late);
            }
        }

        void continueIfConnected() {
            while (!cut && !missed.isEmpty()) {
                receiver.received(missed.remove());
            }
        }

        @Override
        public void lost(Throwable cause) {
            receiver.lost(cause);
        }
    }

    private Position named(Position position) {
        return fault == Fault.KEEPS_ITS_EPOCH_WITHOUT_ITS_HISTORY
                ? new Position("always", position.offset())
                : position;
    }

    private Entry named(Entry entry) {
        return new Entry(named(entry.position()), entry.type(), entry.payload());
    }

    @Override
    public void release(String topic) {
        open.remove(topic);
        if (fault != Fault.DELIVERS_AFTER_RELEASE) {
            node.release(topic);
        }
    }

    @Override
    public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
        if (fault == Fault.IGNORES_KEYS) {
            return node.publish(topic, withNewKey(publication));
        }
        if (fault == Fault.APPENDS_DOUBTFUL_MESSAGES_TWICE && cut) {
            node.publish(topic, withNewKey(publication));
        }
        CompletionStage<Position> published = node.publish(topic, publication).thenApply(this::named);
        return cut ? CompletableFuture.failedStage(new IOException("cut off")) : published;
    }

    private static KeyedMessage withNewKey(KeyedMessage publication) {
        return new KeyedMessage(UUID.randomUUID().toString(), publication.type(), publication.payload());
    }

    @Override
    public CompletionStage<Replay> replay(String topic, Position after) {
        return switch (fault) {
            case RECOVERS_FROM_FOREIGN_EPOCHS, RECOVERS_A_PART, KEEPS_ITS_EPOCH_WITHOUT_ITS_HISTORY ->
                replayWithFault(topic, after);
            case REPLAYS_THE_POSITION_ITSELF ->
                node.replay(topic, new Position(after.epoch(), Math.max(0, after.offset() - 1)));
            default -> node.replay(topic, after).thenApply(this::changed);
        };
    }

    private Replay changed(Replay replay) {
        List<Entry> entries = new ArrayList<>(replay.entries());
        Position end = replay.end();
        if (fault == Fault.SAYS_A_NEWER_END) {
            end = new Position(end.epoch(), end.offset() + 1);
        }
        if (!entries.isEmpty()) {
            switch (fault) {
                case REPLAYS_ALL_BUT_THE_LAST -> entries.remove(entries.size() - 1);
                case REPLAYS_WITHOUT_THE_FIRST -> entries.remove(0);
                case REPLAYS_BACKWARDS -> Collections.reverse(entries);
                case REPLAYS_ANOTHER_TEXT -> entries.set(0, another(entries.get(0)));
                default -> {}
            }
        }
        return new Replay(replay.recovered(), entries, end);
    }

    private static Entry another(Entry entry) {
        return new Entry(
                entry.position(), entry.type(), KeyedMessage.text("another").payload());
    }

    /** Accepts a position of another history, and always reports that all messages were recovered. */
    private CompletionStage<Replay> replayWithFault(String topic, Position after) {
        return node.replay(topic, after).thenCompose(replay -> {
            Position end = replay.end();
            boolean foreign = !after.epoch().equals(end.epoch());
            if (replay.recovered() || foreign == (fault == Fault.RECOVERS_A_PART)) {
                return CompletableFuture.completedStage(replay);
            }
            long from = foreign ? after.offset() : Math.max(after.offset(), end.offset() - 500);
            return node.replay(topic, new Position(end.epoch(), Math.min(from, end.offset())))
                    .thenApply(found -> new Replay(
                            found.recovered(),
                            found.entries().stream().map(this::named).toList(),
                            named(found.end())));
        });
    }

    @Override
    public void close() {
        node.close();
    }
}
