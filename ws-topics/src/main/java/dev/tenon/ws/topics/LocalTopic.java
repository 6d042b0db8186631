package dev.tenon.ws.topics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The history of one topic and the nodes that have opened it. Messages are appended and delivered under its lock, which gives
 * them one order.
 */
final class LocalTopic {
    private record Kept(String key, Entry entry) {}

    private final String epoch = UUID.randomUUID().toString();
    private final HistoryLimits limits;
    private final ArrayDeque<Kept> history = new ArrayDeque<>();
    private final Map<String, Position> keys = new HashMap<>();
    private final Map<LocalBackbone, Backbone.Receiver> receivers = new LinkedHashMap<>();
    private long bytes;
    private long end;
    private boolean retired;

    LocalTopic(HistoryLimits limits) {
        this.limits = limits;
    }

    /** Adds a receiver. */
    synchronized Position open(LocalBackbone node, Backbone.Receiver receiver) {
        if (receivers.putIfAbsent(node, receiver) != null) {
            throw new IllegalStateException("the topic is open on this node already");
        }
        return new Position(epoch, end);
    }

    /** Removes the receiver of a node; returns whether it had one. */
    synchronized boolean release(LocalBackbone node) {
        return receivers.remove(node) != null;
    }

    /** This topic is removed: nothing can be published any more. */
    synchronized void retire() {
        retired = true;
    }

    /**
     * Appends and delivers a message; returns null if this topic was removed. An exception or error of a receiver is thrown after the
     * others have received the message.
     */
    synchronized @Nullable Position publish(KeyedMessage publication) {
        if (retired) {
            return null;
        }
        Position known = keys.get(publication.key());
        if (known != null) {
            return known;
        }
        Position position = new Position(epoch, ++end);
        Entry entry = new Entry(position, publication.type(), publication.payload());
        history.add(new Kept(publication.key(), entry));
        keys.put(publication.key(), position);
        bytes += entry.payload().remaining();
        trim();
        deliver(List.copyOf(receivers.values()), entry);
        return position;
    }

    private static void deliver(List<Backbone.Receiver> receivers, Entry entry) {
        Throwable first = null;
        for (Backbone.Receiver receiver : receivers) {
            try {
                receiver.received(entry);
            } catch (RuntimeException | Error thrown) {
                first = first == null ? thrown : first;
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private void trim() {
        while (history.size() > limits.messages() || (bytes > limits.bytes() && history.size() > 1)) {
            Kept oldest = history.remove();
            keys.remove(oldest.key());
            bytes -= oldest.entry().payload().remaining();
        }
    }

    synchronized Replay replay(Position after) {
        Position last = new Position(epoch, end);
        long firstKept = end - history.size() + 1;
        if (!after.epoch().equals(epoch) || after.offset() > end || after.offset() < firstKept - 1) {
            return Replay.notRecovered(last);
        }
        List<Entry> entries = new ArrayList<>();
        for (Kept kept : history) {
            if (kept.entry().position().offset() > after.offset()) {
                entries.add(kept.entry());
            }
        }
        return Replay.of(entries, last);
    }
}
