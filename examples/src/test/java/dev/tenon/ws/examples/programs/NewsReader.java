package dev.tenon.ws.examples.programs;

import dev.tenon.ws.client.*;
import dev.tenon.ws.connection.*;
import java.util.function.Consumer;

public class NewsReader implements ReconnectListener {
    private final Consumer<String> reader;
    private volatile String after = ""; // nothing yet

    NewsReader(Consumer<String> reader) {
        this.reader = reader;
    }

    @Override
    public void onText(WebSocket webSocket, String line) {
        reader.accept(line.substring(line.indexOf(' ') + 1));
        after = "?after=" + line.substring(0, line.indexOf(' '));
    }

    static ReconnectingWebSocket follow(WebSocketClient client, String uri, Consumer<String> reader) {
        NewsReader news = new NewsReader(reader);
        RequestSupplier requests = lost -> ConnectRequest.to(uri + news.after);
        return ReconnectingWebSocket.start(client, requests, ReconnectPolicy.DEFAULT, news);
    }
}
