package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Presence;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Presence over two streams of NATS JetStream: {@code NAME} has the members of each topic and node, {@code NAME-nodes}
 * the last heartbeat of each node. A node sends three heartbeats in {@code deadAfter}. The members of a crashed node
 * leave within twice that time, because its last heartbeat may be as old as {@code deadAfter} when a new node reads it.
 * A node that closes announces it at once.
 *
 * <p>While NATS is unreachable, or this process is stopped, the members of all watchers stay; afterwards the watchers
 * receive the changes. Time is measured by the monotonic clock of this process.
 *
 * <p>Each watch is a consumer: watch a topic once on each node, and publish the changes to a topic. The application
 * owns the connection, as with {@link NatsBackbone}.
 */
public final class NatsPresence implements Presence {
    private static final int TIMEOUT_SECONDS = 10;
    private static final int GOODBYE_SECONDS = 1;
    private static final int BEATS = 3;
    /** How often an entry is refreshed within its time to live in the stream. */
    private static final int REFRESHES = 3;
    /** How many heartbeats lie between two refreshes. */
    private static final int BEATS_PER_REFRESH = 30;

    private final Connection connection;
    private final Duration deadAfter;
    private final String node = UUID.randomUUID().toString();
    private final LastValues members;
    private final LastValues beats;
    private final LiveNodes nodes;
    private final SerialTasks tasks = new SerialTasks("tenon-nats-presence");
    private final ConnectionListener listener = this::connectionEvent;
    private final Set<NatsWatch> watches = ConcurrentHashMap.newKeySet();
    private final OwnMembers own;
    private int beatCount; // for the tasks only
    private @Nullable AutoCloseable beatReader; // for the tasks only

    private NatsPresence(Connection connection, String name, Duration deadAfter) throws IOException {
        this.connection = connection;
        this.deadAfter = deadAfter;
        members = new LastValues(connection, name, deadAfter.multipliedBy(BEATS_PER_REFRESH / BEATS * REFRESHES));
        own = new OwnMembers(members);
        beats = new LastValues(connection, name + "-nodes", deadAfter);
        nodes = new LiveNodes(deadAfter.toNanos(), System.nanoTime());
    }

    private void start() throws IOException, JetStreamApiException {
        members.create();
        beats.create();
        CompletableFuture<@Nullable Void> known = new CompletableFuture<>();
        beatReader = readBeats(known);
        known.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        connection.addConnectionListener(listener);
        tasks.runPeriodically(this::beat, Math.max(1, deadAfter.toNanos() / BEATS));
    }

    /**
     * Presence over a connection, with nodes that count as crashed after 15 seconds without a heartbeat.
     *
     * @param connection an open connection, which the caller owns
     * @param name the name of the streams: letters, digits, {@code -} and {@code _}
     * @return the node
     * @throws IOException if NATS is unreachable or has no JetStream
     */
    public static NatsPresence over(Connection connection, String name) throws IOException {
        return over(connection, name, Duration.ofSeconds(15));
    }

    /**
     * Presence over a connection.
     *
     * @param connection an open connection, which the caller owns
     * @param name the name of the streams: letters, digits, {@code -} and {@code _}
     * @param deadAfter how long after its last heartbeat a node counts as crashed, 100 ms or more; the same on all
     *     nodes
     * @return the node
     * @throws IOException if NATS is unreachable or has no JetStream
     */
    public static NatsPresence over(Connection connection, String name, Duration deadAfter) throws IOException {
        NatsPresence presence = new NatsPresence(connection, name, deadAfter);
        try {
            presence.start();
            return presence;
        } catch (IOException | JetStreamApiException | RuntimeException failure) {
            presence.members.close();
            presence.beats.close();
            throw NatsBackbone.unreachable(failure);
        }
    }

    // Outbound: the members and heartbeats of this node

    private String subject(String topic, String member) {
        return members.subject(Subjects.token(topic), node, Subjects.token(member));
    }

    @Override
    public Stay enter(String topic, String member) {
        String subject = subject(topic, member);
        return Stay.of(own.enter(subject), () -> own.leave(subject));
    }

    private void beat() {
        boolean connected = connection.getStatus() == Connection.Status.CONNECTED;
        nodes.removeDead(connected, System.nanoTime()).forEach(this::nodeChanged);
        if (!connected) {
            return;
        }
        beats.put(beats.subject(node), true);
        if (++beatCount % BEATS_PER_REFRESH == 0) {
            own.markAllDoubtful();
        }
        own.storeDoubtful();
    }

    // Messages from other nodes

    /** Reads the heartbeats of all nodes; completes a stage after the initial ones. */
    private AutoCloseable readBeats(CompletableFuture<@Nullable Void> known) throws IOException, JetStreamApiException {
        return beats.read(beats.subject("*"), this::beatRead, () -> known.complete(null));
    }

    private void beatRead(List<String> tokens, boolean here) {
        String beating = tokens.get(0);
        if (here ? nodes.beat(beating, System.nanoTime()) : nodes.ended(beating)) {
            nodeChanged(beating);
        }
    }

    private boolean isAlive(String other) {
        return other.equals(node) || nodes.isAlive(other);
    }

    private void nodeChanged(String changed) {
        watches.forEach(watch -> watch.view.nodeChanged(changed));
    }

    @Override
    public CompletionStage<Watch> watch(String topic, Watcher watcher) {
        NatsWatch watch = new NatsWatch(topic, new PresenceView(watcher, this::isAlive));
        watches.add(watch);
        tasks.run(watch::read).whenComplete((done, failure) -> {
            if (failure != null) {
                watch.close();
                watch.complete.completeExceptionally(failure);
            }
        });
        return watch.complete.minimalCompletionStage();
    }

    private final class NatsWatch implements Watch {
        final PresenceView view;
        final CompletableFuture<Watch> complete = new CompletableFuture<>();
        private final String topic;
        private @Nullable AutoCloseable consumer; // for the tasks only
        private volatile int snapshot;

        NatsWatch(String topic, PresenceView view) {
            this.topic = topic;
            this.view = view;
        }

        /** Reads all entries of the topic, and their changes. */
        void read() throws Exception {
            end(consumer);
            snapshot = view.beginSnapshot();
            consumer = members.read(members.subject(Subjects.token(topic), "*", "*"), this::value, this::complete);
        }

        private void value(List<String> tokens, boolean here) {
            view.changed(tokens.get(1), Subjects.text(tokens.get(2)), here);
        }

        /**
         * After a reconnect the server may have lost its streams, so the nodes get time to store their members again.
         */
        private void complete() {
            int number = snapshot;
            if (complete.isDone()) {
                tasks.runLater(() -> view.endSnapshot(number), deadAfter);
            } else {
                view.endSnapshot(number);
                complete.complete(this);
            }
        }

        @Override
        public void close() {
            view.close();
            watches.remove(this);
            tasks.run(() -> end(consumer));
        }
    }

    private static void end(@Nullable AutoCloseable consumer) throws Exception {
        if (consumer != null) {
            consumer.close();
        }
    }

    // The connection, and the end

    private void connectionEvent(Connection unused, ConnectionListener.Events event) {
        if (event == ConnectionListener.Events.RECONNECTED) {
            tasks.run(this::readAgain);
        }
    }

    /** Reads and stores everything again after a reconnect, because the server may have lost its streams. */
    private void readAgain() throws Exception {
        try {
            members.create();
            beats.create();
            end(beatReader);
            beatReader = readBeats(new CompletableFuture<>());
            for (NatsWatch watch : watches) {
                watch.read();
            }
            own.markAllDoubtful();
        } catch (IOException | JetStreamApiException notYet) {
            if (connection.getStatus() == Connection.Status.CONNECTED) {
                tasks.runLater(this::readAgain, NatsBackbone.RETRY);
            }
        }
    }

    @Override
    public void close() {
        connection.removeConnectionListener(listener);
        watches.forEach(NatsWatch::close);
        CompletionStage<@Nullable Void> goodbye = tasks.run(this::announceEnd);
        tasks.shutdown();
        try {
            goodbye.toCompletableFuture().get(2 * GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unheard) {
            // the other nodes detect it by the missing heartbeats
        }
        members.close();
        beats.close();
    }

    private void announceEnd() throws Exception {
        end(beatReader);
        beats.put(beats.subject(node), false).toCompletableFuture().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    }
}
