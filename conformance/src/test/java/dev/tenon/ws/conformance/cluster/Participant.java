package dev.tenon.ws.conformance.cluster;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client of the chat that reconnects with its last position, and sends again all messages that the room has not sent
 * back.
 */
final class Participant {
    private static final Pattern BEGIN = Pattern.compile("\\{\"p\":\"([^\"]+)\",\"recovered\":(true|false)}");
    private static final Pattern MESSAGE = Pattern.compile("\\{\"p\":\"([^\"]+)\",\"d\":\"([^\"]*)\"}");
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final WebSocketClient client;
    private final List<String> servers;
    private final String room;
    private final String name;

    // Guarded by this.
    private final List<String> received = new ArrayList<>();
    private final Map<String, String> unsent = new LinkedHashMap<>();
    /** The newest attempt that has a connection; null after it has failed or its connection has ended. */
    private @Nullable Attempt latest;
    /** The connection, after the room has sent the position at which the subscription begins. */
    private @Nullable WebSocket current;

    private String position = "";
    private int attempts;
    private int subscriptions;
    private int notRecovered;
    private boolean away;

    /**
     * A client that connects at once.
     *
     * @param client opens its connections
     * @param servers {@code ws://host:port} of the servers, which it tries one after the other
     * @param room the name of the room
     * @param name its own name
     */
    Participant(WebSocketClient client, List<String> servers, String room, String name) {
        this.client = client;
        this.servers = servers;
        this.room = room;
        this.name = name;
        connect();
    }

    private synchronized void connect() {
        if (!away && latest == null) {
            Attempt attempt = new Attempt();
            latest = attempt;
            String server = servers.get(attempts++ % servers.size());
            String address = server + "/rooms/" + room + "?name=" + name + "&after=" + position;
            var unused = client.connect(ConnectRequest.to(address), attempt).whenComplete((webSocket, failure) -> {
                if (failure != null) {
                    ended(attempt);
                }
            });
        }
    }

    /** One connection, from the attempt to its end. */
    private final class Attempt implements WebSocketListener {
        private volatile @Nullable WebSocket open;

        @Override
        public void onOpen(WebSocket webSocket) {
            open = webSocket;
            if (isAway()) {
                webSocket.abort();
            }
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            received(this, webSocket, text);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ended(this);
        }
    }

    private synchronized boolean isAway() {
        return away;
    }

    private synchronized void received(Attempt attempt, WebSocket webSocket, String text) {
        if (attempt != latest) {
            return;
        }
        Matcher begin = BEGIN.matcher(text);
        Matcher message = MESSAGE.matcher(text);
        if (begin.matches()) {
            subscriptions++;
            notRecovered += !position.isEmpty() && begin.group(2).equals("false") ? 1 : 0;
            position = begin.group(1);
            current = webSocket;
            unsent.forEach((key, content) -> webSocket.sendText(key + " " + content));
        } else if (message.matches()) {
            position = message.group(1);
            received.add(message.group(2));
            unsent.remove(message.group(2));
        } else {
            throw new AssertionError("not of the envelope: " + text);
        }
    }

    private synchronized void ended(Attempt attempt) {
        if (attempt == latest) {
            latest = null;
            current = null;
            SOON.execute(this::connect);
        }
    }

    /** Sends a message, now or when the connection is back. Its text is its key. */
    synchronized void say(String text) {
        unsent.put(text, text);
        WebSocket open = current;
        if (open != null) {
            open.sendText(text + " " + text);
        }
    }

    /** Disconnects, and does not reconnect before {@link #comeBack}. */
    synchronized void leave() {
        away = true;
        Attempt attempt = latest;
        WebSocket open = attempt == null ? null : attempt.open;
        if (open != null) {
            open.abort();
        }
    }

    synchronized void comeBack() {
        away = false;
        connect();
    }

    String name() {
        return name;
    }

    /** Returns the number of messages that the room has not sent back yet. */
    synchronized int unsent() {
        return unsent.size();
    }

    synchronized List<String> received() {
        return List.copyOf(received);
    }

    synchronized int count() {
        return received.size();
    }

    synchronized boolean isSubscribed() {
        return current != null;
    }

    synchronized int subscriptions() {
        return subscriptions;
    }

    synchronized int notRecovered() {
        return notRecovered;
    }

    @Override
    public synchronized String toString() {
        return name + ": " + received.size() + " messages, " + unsent.size() + " not sent back, " + subscriptions
                + " subscriptions, " + (current == null ? "away" : "subscribed") + ", at " + position;
    }
}
