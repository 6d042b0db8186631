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

/** A client of the chat that comes back behind its position, and sends again what the room has not sent back. */
final class Participant implements WebSocketListener {
    private static final Pattern BEGIN = Pattern.compile("\\{\"p\":\"([^\"]+)\",\"recovered\":(true|false)}");
    private static final Pattern MESSAGE = Pattern.compile("\\{\"p\":\"([^\"]+)\",\"d\":\"([^\"]*)\"}");
    private static final Executor SOON = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final WebSocketClient client;
    private final ClusterProcesses cluster;
    private final String room;
    private final String name;

    // Guarded by this.
    private final List<String> received = new ArrayList<>();
    private final Map<String, String> unsent = new LinkedHashMap<>();
    private @Nullable WebSocket current;
    private String position = "";
    private int subscriptions;
    private int notRecovered;
    private boolean away;
    /** Whether there is a connection, or an attempt to have one. */
    private boolean connecting;

    Participant(WebSocketClient client, ClusterProcesses cluster, String room, String name) {
        this.client = client;
        this.cluster = cluster;
        this.room = room;
        this.name = name;
        connect();
    }

    private synchronized void connect() {
        if (!away && !connecting) {
            connecting = true;
            var unused = client.connect(ConnectRequest.to(cluster.room(room, name, position)), this)
                    .whenComplete((webSocket, failure) -> {
                        if (failure != null) {
                            disconnected();
                        }
                    });
        }
    }

    @Override
    public synchronized void onText(WebSocket webSocket, String text) {
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

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        disconnected();
    }

    private synchronized void disconnected() {
        connecting = false;
        current = null;
        SOON.execute(this::connect);
    }

    /** Sends a message, now or when the connection is back. Its text is its key. */
    synchronized void say(String text) {
        unsent.put(text, text);
        WebSocket open = current;
        if (open != null) {
            open.sendText(text + " " + text);
        }
    }

    /** Disconnects, and does not come back before {@link #comeBack}. */
    synchronized void leave() {
        away = true;
        WebSocket open = current;
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
}
