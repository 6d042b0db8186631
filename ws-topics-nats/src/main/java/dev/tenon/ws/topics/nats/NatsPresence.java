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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Presence over two streams of NATS JetStream: {@code NAME} has the members of each topic and node, {@code NAME-nodes}
 * the last heartbeat of each node. A node sends three heartbeats in {@code deadAfter}. The members of a crashed node
 * leave within twice that time, because its last heartbeat may be as old as {@code deadAfter} when a new node reads it.
 * A node that closes announces it at once.
 *
 * <p>While NATS is unreachable or does not deliver the heartbeats, because the server that holds the streams is dead, or
 * while this process is stopped, the members of all watchers stay; afterwards the watchers receive the changes. A node
 * notices that by its own heartbeats, which it reads too. Time is measured by the monotonic clock of this process. In a
 * cluster of NATS servers, use three replicas: otherwise no change is stored until that server is back.
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
    /** After how many heartbeats that have not come back the streams are read again. */
    private static final int BEATS_PER_READING = 2 * BEATS;

    private final Connection connection;
    private final Duration deadAfter;
    private final String node = UUID.randomUUID().toString();
    private final LastValues members;
    private final LastValues beats;
    private final LiveNodes nodes;
    /** For requests to NATS, which may block until their timeout. */
    private final SerialTasks tasks = new SerialTasks("tenon-nats-presence");
    /** For the heartbeats, which no request may delay. */
    private final SerialTasks heartbeats = new SerialTasks("tenon-nats-heartbeats");

    private final ConnectionListener listener = this::connectionEvent;
    private final Set<PresenceWatch> watches = ConcurrentHashMap.newKeySet();
    private final OwnMembers own;
    private final AtomicBoolean willReadAgain = new AtomicBoolean();
    private final Patience patience;
    private int beatCount; // for the heartbeats only
    private int beatsWithoutReply; // for the heartbeats only
    private @Nullable AutoCloseable beatReader; // for the tasks only

    private NatsPresence(Connection connection, String name, Duration deadAfter, int replicas) throws IOException {
        this.connection = connection;
        this.deadAfter = deadAfter;
        Duration kept = deadAfter.multipliedBy(BEATS_PER_REFRESH / BEATS * REFRESHES);
        members = new LastValues(connection, name, kept, replicas);
        own = new OwnMembers(members);
        beats = new LastValues(connection, name + "-nodes", deadAfter, replicas);
        patience = Patience.logging(
                Patience.LIMIT, "the watchers of the presence " + name + " see no changes: its streams cannot be read");
        nodes = new LiveNodes(node, deadAfter.toNanos(), System.nanoTime());
    }

    private void start() throws IOException, JetStreamApiException {
        members.create();
        beats.create();
        CompletableFuture<@Nullable Void> known = new CompletableFuture<>();
        beatReader = readBeats(known);
        known.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        connection.addConnectionListener(listener);
        heartbeats.runPeriodically(this::beat, Math.max(1, deadAfter.toNanos() / BEATS));
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
        return over(connection, name, deadAfter, 1);
    }

    /**
     * Presence over a connection to a cluster of NATS servers.
     *
     * @param connection an open connection, which the caller owns
     * @param name the name of the streams: letters, digits, {@code -} and {@code _}
     * @param deadAfter how long after its last heartbeat a node counts as crashed, 100 ms or more; the same on all
     *     nodes
     * @param replicas the number of servers with a copy of the streams, 1 to 5, if they do not exist
     * @return the node
     * @throws IOException if NATS is unreachable or has no JetStream
     */
    public static NatsPresence over(Connection connection, String name, Duration deadAfter, int replicas)
            throws IOException {
        NatsPresence presence = new NatsPresence(connection, name, deadAfter, replicas);
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
        LiveNodes.Look look = nodes.look(connected, System.nanoTime());
        look.dead().forEach(this::nodeGone);
        if (!connected) {
            return;
        }
        countReplies(look.interrupted());
        beats.put(beats.subject(node), true);
        if (++beatCount % BEATS_PER_REFRESH == 0) {
            own.markAllDoubtful();
        }
        own.storeDoubtful();
    }

    /**
     * If the own heartbeats do not come back, their reader may be the reason. The other nodes have not received them
     * either, perhaps, and have removed the members of this node.
     */
    private void countReplies(boolean interrupted) {
        if (!interrupted && beatsWithoutReply > 0) {
            own.markAllDoubtful();
        }
        beatsWithoutReply = interrupted ? beatsWithoutReply + 1 : 0;
        if (interrupted && beatsWithoutReply % BEATS_PER_READING == 0) {
            readAgainSoon();
        }
    }

    // Messages from other nodes

    /** Reads the heartbeats of all nodes; completes a stage after the initial ones. */
    private AutoCloseable readBeats(CompletableFuture<@Nullable Void> known) throws IOException, JetStreamApiException {
        return beats.read(beats.subject("*"), this::beatRead, () -> known.complete(null));
    }

    private void beatRead(List<String> tokens, boolean here) {
        String beating = tokens.get(0);
        if (here && nodes.beat(beating, System.nanoTime())) {
            watches.forEach(watch -> watch.view.nodeAlive(beating));
        } else if (!here && nodes.ended(beating)) {
            nodeGone(beating);
        }
    }

    private void nodeGone(String gone) {
        watches.forEach(watch -> watch.view.nodeGone(gone));
    }

    @Override
    public CompletionStage<Watch> watch(String topic, Watcher watcher) {
        PresenceView view = new PresenceView(watcher, nodes::isAlive);
        PresenceWatch watch = new PresenceWatch(topic, view, members, tasks, deadAfter, watches::remove);
        watches.add(watch);
        return watch.begin();
    }

    // The connection, and the end

    private void connectionEvent(Connection unused, ConnectionListener.Events event) {
        if (event == ConnectionListener.Events.RECONNECTED) {
            readAgainSoon();
        }
    }

    private void readAgainSoon() {
        if (willReadAgain.compareAndSet(false, true)) {
            tasks.run(this::readAgain);
        }
    }

    /** Reads and stores everything again, because the server may have lost its streams, or a consumer. */
    private void readAgain() throws Exception {
        willReadAgain.set(false);
        try {
            members.create();
            beats.create();
            AutoCloseable earlier = beatReader;
            beatReader = readBeats(new CompletableFuture<>());
            LastValues.end(earlier);
            for (PresenceWatch watch : watches) {
                watch.read();
            }
            own.markAllDoubtful();
            patience.begin();
        } catch (IOException | JetStreamApiException | RuntimeException notYet) {
            if (connection.getStatus() == Connection.Status.CONNECTED) {
                var unused = patience.isOverAfter(NatsBackbone.unreachable(notYet), System.nanoTime());
                tasks.runLater(this::readAgainSoon, NatsBackbone.RETRY);
            }
        }
    }

    @Override
    public void close() {
        connection.removeConnectionListener(listener);
        watches.forEach(PresenceWatch::close);
        CompletionStage<@Nullable Void> goodbye = heartbeats.run(this::announceEnd); // after the last heartbeat
        heartbeats.shutdown();
        tasks.run(() -> LastValues.end(beatReader));
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
        beats.put(beats.subject(node), false).toCompletableFuture().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    }
}
