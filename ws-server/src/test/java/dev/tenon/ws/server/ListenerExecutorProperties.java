package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of listeners with an executor. */
class ListenerExecutorProperties {
    enum Kind {
        DIRECT {
            @Override
            Executor executor() {
                return Runnable::run;
            }
        },
        SINGLE_THREAD {
            @Override
            Executor executor() {
                return Executors.newSingleThreadExecutor();
            }
        },
        POOL {
            @Override
            Executor executor() {
                return Executors.newFixedThreadPool(3);
            }
        },
        VIRTUAL_THREADS_OR_NEW_ONES {
            @Override
            Executor executor() {
                Executor virtual;
                try {
                    virtual = ListenerExecutorTest.virtualThreads();
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError("no virtual threads", e);
                }
                return virtual == null ? task -> new Thread(task).start() : virtual;
            }
        };

        abstract Executor executor();
    }

    /** Has no synchronization, because the calls must be synchronized already. */
    private static final class RecordingListener implements WebSocketListener {
        private final CompletableFuture<List<String>> whole = new CompletableFuture<>();
        private final List<String> calls = new ArrayList<>();
        private final AtomicInteger inside = new AtomicInteger();
        private long demand;
        private boolean overlapped;

        RecordingListener(long demand) {
            this.demand = demand;
        }

        @Override
        public long initialDemand() {
            return demand;
        }

        private void note(WebSocket webSocket, String call) {
            overlapped |= inside.getAndIncrement() != 0;
            calls.add(call);
            if (--demand == 0) {
                demand = 2;
                webSocket.request(2);
            }
            inside.decrementAndGet();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            note(webSocket, text);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            calls.add(overlapped ? "overlapped" : "closed");
            whole.complete(calls);
        }
    }

    @Property(tries = 40)
    void theCallsOfAConnectionComeInOrderAndOneAtATimeOnAnyExecutor(
            @ForAll Kind kind,
            @ForAll @IntRange(min = 1, max = 5) int demand,
            @ForAll @Size(min = 1, max = 4) List<@Size(max = 60) List<@IntRange(max = 30_000) Integer>> connections)
            throws Exception {
        Executor executor = kind.executor();
        List<RecordingListener> listeners = new CopyOnWriteArrayList<>();
        List<RawClient> peers = new ArrayList<>();
        try (WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(2)
                .executor(executor)
                .route(
                        "/{index}",
                        upgrade -> upgrade.accept(listeners.get(Integer.parseInt(upgrade.pathParameter("index")))))
                .start()) {
            for (int i = 0; i < connections.size(); i++) {
                listeners.add(new RecordingListener(demand));
                RawClient peer = new RawClient(server);
                peers.add(peer);
                peer.send(RawClient.upgrade("/" + i, ""));
                assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
            }
            for (int i = 0; i < 60; i++) {
                for (int j = 0; j < peers.size(); j++) {
                    if (i < connections.get(j).size()) {
                        peers.get(j)
                                .send(Frame.text("x".repeat(connections.get(j).get(i)) + i));
                    }
                }
            }
            for (RawClient peer : peers) {
                peer.send(Frame.close(ClosePayload.EMPTY));
            }
            for (int j = 0; j < peers.size(); j++) {
                List<String> expected = new ArrayList<>();
                for (int i = 0; i < connections.get(j).size(); i++) {
                    expected.add("x".repeat(connections.get(j).get(i)) + i);
                }
                expected.add("closed");
                assertEquals(expected, listeners.get(j).whole.get(20, TimeUnit.SECONDS));
            }
        } finally {
            for (RawClient peer : peers) {
                peer.close();
            }
            if (executor instanceof ExecutorService service) {
                service.shutdown();
            }
        }
    }
}
