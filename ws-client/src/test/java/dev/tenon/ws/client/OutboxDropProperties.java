package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.Outbox.OnLoss;
import dev.tenon.ws.connection.Message;
import java.io.DataInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** An outbox over real connections that are cut at any byte. */
class OutboxDropProperties {
    private static final int MESSAGES = 60;

    /** The messages that arrived on one connection after the other. */
    private static List<List<Integer>> arrived(Outbox outbox, List<Integer> cuts, List<CompletableFuture<Void>> futures)
            throws Exception {
        List<List<Integer>> arrived = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> last = new CompletableFuture<>();
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    List<Integer> here = Collections.synchronizedList(new ArrayList<>());
                    arrived.add(here);
                    int number = arrived.size() - 1;
                    Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
                    if (number < cuts.size()) {
                        byte[] read = new DataInputStream(socket.getInputStream()).readNBytes(cuts.get(number));
                        here.addAll(whole(read));
                        socket.setSoLinger(cuts.get(number) % 2 == 0, 0); // resets, or ends
                        return;
                    }
                    for (String text = Peer.text(socket); text != null; text = Peer.text(socket)) {
                        here.add(Integer.valueOf(text));
                        if (text.equals("" + (MESSAGES - 1))) {
                            last.complete(null);
                        }
                    }
                });
                WebSocketClient client = ReconnectPeers.client()) {
            peer[0] = server;
            ReconnectingWebSocket unused = ReconnectingWebSocket.start(
                    client,
                    attempt -> ConnectRequest.to(server.uri()),
                    ReconnectPeers.QUICK,
                    new ReconnectPeers.RecordingListener(),
                    outbox);
            for (int i = 0; i < MESSAGES - 1; i++) {
                futures.add(outbox.sendAsync(Message.text("" + i)).toCompletableFuture());
            }
            OpenResources.await(
                    "not all connections were cut", () -> arrived.size() > cuts.size() || outbox.size() == 0);
            while (arrived.size() <= cuts.size()) { // so that each connection reaches its cut
                CompletableFuture<Void> more =
                        outbox.sendAsync(Message.text("0")).toCompletableFuture();
                assertTrue(more.handle((sent, failure) -> true).get(20, TimeUnit.SECONDS));
            }
            futures.add(outbox.sendAsync(Message.text("" + (MESSAGES - 1))).toCompletableFuture());
            last.get(20, TimeUnit.SECONDS);
        }
        return arrived;
    }

    /** The messages of whole masked frames; the last one may be cut. */
    private static List<Integer> whole(byte[] read) {
        List<Integer> all = new ArrayList<>();
        int at = 0;
        while (at + 2 <= read.length && at + 6 + (read[at + 1] & 0x7f) <= read.length) {
            int length = read[at + 1] & 0x7f;
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append((char) (read[at + 6 + i] ^ read[at + 2 + (i & 3)]));
            }
            all.add(Integer.valueOf(text.toString()));
            at += 6 + length;
        }
        return all;
    }

    private static boolean failed(CompletableFuture<Void> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void whereverConnectionsAreCutMessagesArriveInOrderAndEachFutureIsSettled(
            @ForAll OnLoss onLoss, @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 300) Integer> cuts)
            throws Exception {
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        List<List<Integer>> arrived = arrived(Outbox.of(onLoss), cuts, futures);
        List<Integer> all = new ArrayList<>();
        for (List<Integer> here : arrived) {
            List<Integer> own = here.stream().filter(message -> message > 0).toList(); // 0 fills up
            assertEquals(own.stream().sorted().toList(), own);
            all.addAll(own);
        }
        for (CompletableFuture<Void> future : futures) {
            boolean lost = failed(future);
            assertTrue(onLoss == OnLoss.FAIL || !lost);
        }
        if (onLoss == OnLoss.FAIL) {
            assertEquals(all.stream().distinct().sorted().toList(), all);
        }
    }
}
