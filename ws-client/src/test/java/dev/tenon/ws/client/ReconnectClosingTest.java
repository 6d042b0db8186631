package dev.tenon.ws.client;

import static dev.tenon.ws.client.ReconnectPeers.LATER;
import static dev.tenon.ws.client.ReconnectPeers.QUICK;
import static dev.tenon.ws.client.ReconnectPeers.client;
import static dev.tenon.ws.client.ReconnectPeers.end;
import static dev.tenon.ws.client.ReconnectPeers.scripted;
import static dev.tenon.ws.client.ReconnectPeers.scriptedUpgrades;
import static dev.tenon.ws.client.ReconnectPeers.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing at any moment leaves no resources behind. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class ReconnectClosingTest {
    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    /** The moment of the close. */
    enum Moment {
        /** While the peer does not answer. */
        CONNECTING,
        /** In the listener's onOpen. */
        OPENING,
        OPEN,
        /** In the listener's onClose. */
        LOSING,
        /** In the listener's onReconnect. */
        TOLD,
        WAITING
    }

    /** Closes inside the call that belongs to the moment. */
    private static final class ClosingListener extends RecordingListener {
        private final Moment moment;
        private final Runnable close;
        final CompletableFuture<ReconnectingWebSocket> self = new CompletableFuture<>();

        ClosingListener(Moment moment, @Nullable WebSocketClient client) {
            this.moment = moment;
            this.close = () -> {
                if (client == null) {
                    self.join().close();
                } else {
                    new Thread(client::close).start();
                }
            };
        }

        private void at(Moment now) {
            if (moment == now) {
                close.run();
            }
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            super.onOpen(webSocket);
            at(Moment.OPENING);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            super.onClose(webSocket, event);
            at(Moment.LOSING);
        }

        @Override
        public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {
            super.onReconnect(reconnecting, disconnect, delay);
            at(Moment.TOLD);
        }
    }

    private static Peer peer(Moment moment) throws Exception {
        return switch (moment) {
            case CONNECTING -> scripted(Peer::drain);
            case OPENING, OPEN -> scriptedUpgrades(ReconnectPeers::stay);
            case LOSING, TOLD, WAITING -> scriptedUpgrades(socket -> {});
        };
    }

    private static void arrive(
            Moment moment, RecordingListener listener, Peer server, ReconnectingWebSocket reconnecting)
            throws Exception {
        switch (moment) {
            case CONNECTING -> OpenResources.await("it has not asked", () -> server.heads.size() == 1);
            case OPENING -> listener.reads("open");
            case OPEN -> listener.reads("open", "text hi");
            case LOSING -> listener.reads("open", "close 1006");
            case TOLD -> listener.reads("open", "close 1006", "reconnect 1 WAITING");
            case WAITING -> {
                listener.reads("open", "close 1006", "reconnect 1 WAITING");
                assertEquals(ReconnectingWebSocket.State.WAITING, reconnecting.state());
            }
        }
    }

    private static void closeAt(Moment moment, boolean wholeClient) throws Exception {
        try (Peer server = peer(moment);
                WebSocketClient client = client()) {
            ClosingListener closer = new ClosingListener(moment, wholeClient ? client : null);
            ReconnectingWebSocket reconnecting = start(client, server, LATER, closer);
            closer.self.complete(reconnecting);
            arrive(moment, closer, server, reconnecting);
            if (wholeClient) {
                client.close(Duration.ofSeconds(5));
            } else {
                reconnecting.close();
            }
            assertEquals(null, end(reconnecting));
            assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
            assertEquals(1, server.accepted());
            assertFalse(closer.lines.stream().anyMatch(line -> line.startsWith("given up")));
        }
        OpenResources.awaitThreads(0);
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @ParameterizedTest
    @EnumSource
    void closingAtAnyMomentLeavesNoResources(Moment moment) throws Exception {
        closeAt(moment, false); // the JDK opens some files once and keeps them
        long before = OpenResources.descriptors();
        for (int i = 0; i < 5; i++) {
            closeAt(moment, false);
        }
        OpenResources.awaitDescriptors(before);
    }

    @ParameterizedTest
    @EnumSource
    void closingTheClientAtAnyMomentEndsIt(Moment moment) throws Exception {
        closeAt(moment, true);
        long before = OpenResources.descriptors();
        closeAt(moment, true);
        OpenResources.awaitDescriptors(before);
    }

    @Test
    void onAClosedClientItDoesNotBegin() throws Exception {
        WebSocketClient client = client();
        client.close();
        RecordingListener listener = new RecordingListener();
        ReconnectingWebSocket reconnecting =
                ReconnectingWebSocket.start(client, ConnectRequest.to("ws://127.0.0.1:9/"), QUICK, listener);
        assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
        ExecutionException failure = assertThrows(ExecutionException.class, () -> end(reconnecting));
        assertEquals("the client was closed", failure.getCause().getMessage());
        reconnecting.close();
        assertTrue(listener.lines.isEmpty());
    }

    @Test
    void manyConnectionsThatOpenAndCloseLeaveNoResources() throws Exception {
        try (Peer server = scriptedUpgrades(socket -> {})) {
            long before = OpenResources.descriptors();
            for (int round = 0; round < 20; round++) {
                try (WebSocketClient client = client()) {
                    List<ReconnectingWebSocket> all = java.util.stream.Stream.generate(
                                    () -> start(client, server, QUICK, new RecordingListener()))
                            .limit(8)
                            .toList();
                    Thread.sleep(round);
                    all.stream().skip(round % 8).forEach(ReconnectingWebSocket::close);
                    client.close(Duration.ofSeconds(5));
                    for (ReconnectingWebSocket each : all) {
                        Disconnect unused = end(each);
                        assertEquals(ReconnectingWebSocket.State.ENDED, each.state());
                    }
                }
                assertEquals(0, OpenResources.threads());
                assertEquals(0, LinkOpener.HOSTS.keys());
            }
            OpenResources.awaitDescriptors(before);
        }
    }
}
