package dev.tenon.ws.conformance.cluster;

import static dev.tenon.ws.conformance.cluster.ClusterProcesses.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.topics.nats.OutagePolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The network between one node of a chat and nats-server loses every packet for a while. The node follows its outage
 * policy, and afterwards each client has received each message once, or has been told of a gap. A normal build runs one
 * policy, {@code -Dcluster.kills=5} all of them.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class PartitionIT {
    private static final int CUT = 1;
    private static final int WHOLE = 2;
    private static final int MESSAGES = 20;
    /** The addresses for a client that is not bound to a node. It tries the node without nats-server first. */
    private static final List<String> BOTH = Stream.of(CUT, WHOLE)
            .flatMap(node -> NamespacedCluster.server(node).stream())
            .toList();

    @TempDir
    Path folder;

    private final List<String> sentTexts = new ArrayList<>();

    private static Participant member(WebSocketClient client, List<String> servers, String name) throws Exception {
        Participant member = new Participant(client, servers, "oak", name);
        await(name + " does not subscribe", member::isSubscribed);
        return member;
    }

    private void say(Participant sender, String text) {
        for (int i = 0; i < MESSAGES; i++) {
            sentTexts.add(text + "-" + i);
            sender.say(text + "-" + i);
        }
    }

    private static void awaitCount(int count, Participant... members) throws Exception {
        for (Participant member : members) {
            await(() -> "a message is missing: " + member, () -> member.count() >= count && member.unsent() == 0);
        }
    }

    /**
     * Checks that each client has received all messages once, in the order of the first client, and that none was told
     * of a gap.
     */
    private void check(Participant... members) {
        List<String> order = members[0].received();
        assertEquals(
                sentTexts.stream().sorted().toList(), order.stream().sorted().toList());
        for (Participant member : members) {
            assertEquals(order, member.received(), member.name());
            assertEquals(0, member.notRecovered(), member.name());
        }
    }

    @Test
    void aNodeThatRefusesKeepsItsReadersAndSendsThemTheMissedMessages() throws Exception {
        try (NamespacedCluster cluster = new NamespacedCluster(folder, OutagePolicy.REFUSE);
                WebSocketClient client = WebSocketClient.create()) {
            Participant sender = member(client, BOTH, "sender");
            Participant cutOff = member(client, NamespacedCluster.server(CUT), "cut-off");
            Participant reader = member(client, NamespacedCluster.server(WHOLE), "reader");
            say(sender, "before");
            awaitCount(MESSAGES, sender, cutOff, reader);
            cluster.cut(CUT);
            say(sender, "meanwhile");
            awaitCount(2 * MESSAGES, sender, reader);
            assertEquals(MESSAGES, cutOff.count(), "messages that came through a link that is cut");
            cluster.heal(CUT);
            awaitCount(2 * MESSAGES, cutOff);
            assertEquals(1, cutOff.subscriptions(), "its connection stays");
            say(sender, "after");
            awaitCount(3 * MESSAGES, sender, cutOff, reader);
            check(reader, sender, cutOff);
        }
    }

    @Test
    void aNodeThatClosesSendsItsReadersToAnotherOne() throws Exception {
        ClusterIT.assumeEnabled();
        try (NamespacedCluster cluster = new NamespacedCluster(folder, OutagePolicy.CLOSE);
                WebSocketClient client = WebSocketClient.create()) {
            Participant sender = member(client, BOTH, "sender");
            Participant cutOff = member(client, NamespacedCluster.server(CUT), "cut-off");
            Participant moving = member(client, BOTH, "moving");
            say(sender, "before");
            awaitCount(MESSAGES, sender, cutOff, moving);
            cluster.cut(CUT);
            say(sender, "meanwhile");
            awaitCount(2 * MESSAGES, sender, moving); // the link is still cut
            assertEquals(MESSAGES, cutOff.count(), "messages that came through a link that is cut");
            await("the reader of the node that is cut off is not closed", () -> !cutOff.isSubscribed());
            cluster.heal(CUT);
            say(sender, "after");
            awaitCount(3 * MESSAGES, sender, cutOff, moving);
            check(moving, sender, cutOff);
        }
    }

    @Test
    void aLocalNodeServesItsOwnClientsAndNotifiesThemOfTheGap() throws Exception {
        ClusterIT.assumeEnabled();
        try (NamespacedCluster cluster = new NamespacedCluster(folder, OutagePolicy.LOCAL_ONLY);
                WebSocketClient client = WebSocketClient.create()) {
            Participant alone = member(client, NamespacedCluster.server(CUT), "alone");
            Participant beside = member(client, NamespacedCluster.server(CUT), "beside");
            Participant sender = member(client, NamespacedCluster.server(WHOLE), "sender");
            Participant reader = member(client, NamespacedCluster.server(WHOLE), "reader");
            say(sender, "before");
            awaitCount(MESSAGES, alone, beside, sender, reader);
            cluster.cut(CUT);
            awaitLocal(client);
            for (int i = 0; i < MESSAGES; i++) {
                alone.say("alone-" + i);
            }
            say(sender, "meanwhile");
            awaitCount(2 * MESSAGES, alone, beside, sender, reader);
            assertEquals(1, alone.subscriptions(), "its connection stays");
            cluster.heal(CUT);
            for (Participant cutOff : List.of(alone, beside)) {
                await(
                        () -> "not told of the gap: " + cutOff,
                        () -> cutOff.notRecovered() == 1 && cutOff.isSubscribed());
            }
            say(sender, "after");
            awaitCount(3 * MESSAGES, alone, beside, sender, reader);
            check(reader, sender);
            assertEquals(alone.received(), beside.received());
            List<String> expected = new ArrayList<>(sentTexts);
            expected.replaceAll(text -> text.replace("meanwhile", "alone"));
            assertEquals(expected, alone.received());
        }
    }

    /** Waits until the node without nats-server publishes to its own clients, in another room. */
    private static void awaitLocal(WebSocketClient client) throws Exception {
        Participant probe = new Participant(client, NamespacedCluster.server(CUT), "probe", "probe");
        probe.say("probe");
        await(() -> "the node does not publish to its own clients: " + probe, () -> probe.unsent() == 0);
        probe.leave();
    }
}
