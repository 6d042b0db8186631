package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Several threads use one connection, in any order. */
class ThreadsProperties {
    /** Two workers and the loop make random calls; the laws hold for any order. */
    @Property(tries = 60)
    void theOrderOfEachThreadIsKeptAndNoBytesAreCountedAtTheEnd(@ForAll long seed, @ForAll boolean closes)
            throws Exception {
        LoopThread loop = new LoopThread();
        Rig rig = loop.call(() -> Rig.of(Role.SERVER).on(loop).open());
        WebSocket webSocket = rig.webSocket;
        List<CompletableFuture<List<String>>> workers = new ArrayList<>();
        for (int w = 0; w < 2; w++) {
            Random random = new Random(seed + w);
            String name = "w" + w + "-";
            workers.add(CompletableFuture.supplyAsync(() -> send(webSocket, name, random)));
        }
        List<String> own = loop.call(() -> send(webSocket, "loop-", new Random(seed + 2)));
        List<List<String>> taken = new ArrayList<>(List.of(own));
        for (CompletableFuture<List<String>> worker : workers) {
            taken.add(worker.get(30, TimeUnit.SECONDS));
        }
        if (closes) {
            webSocket.close();
        }
        loop.run(() -> {});
        List<String> arrived = new ArrayList<>(loop.call(() -> rig.wire.takeWritten()));
        if (closes) {
            assertEquals("FIN CLOSE 03e8", arrived.remove(arrived.size() - 1));
        }
        assertEquals(taken.stream().mapToInt(List::size).sum(), arrived.size());
        for (List<String> one : taken) {
            assertEquals(one, arrived.stream().filter(one::contains).toList());
        }
        assertEquals(0, webSocket.bufferedAmount());
        loop.run(() -> {
            rig.connection.endOfInput();
            rig.connection.ended(null);
        });
        assertEquals(1, loop.call(() -> rig.listener.takeEvents()).size(), "one end");
        loop.close();
    }

    private static List<String> send(WebSocket webSocket, String name, Random random) {
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String text = name + i;
            boolean sent = true;
            switch (random.nextInt(4)) {
                case 0 -> webSocket.sendText(text);
                case 1 -> sent = webSocket.trySend(Message.text(text)) != SendResult.REFUSED;
                case 2 -> webSocket.send(PreparedMessage.text(text));
                default -> {
                    CompletableFuture<Void> unused =
                            webSocket.sendAsync(Message.text(text)).toCompletableFuture();
                }
            }
            if (sent) {
                taken.add("FIN TEXT " + text);
            }
        }
        return taken;
    }
}
