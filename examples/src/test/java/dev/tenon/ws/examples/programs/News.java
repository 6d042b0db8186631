package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import dev.tenon.ws.topics.*;

public record News(ClusterTopics topics, String after) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        if (after == null || after.isEmpty()) {
            topics.subscribe("news", webSocket);
        } else {
            topics.resume("news", webSocket, Position.parse(after)); // sends the missed messages first
        }
    }

    static ClusterTopics routes(RouteBuilder<?> server) {
        Envelope lines = entry -> PreparedMessage.text(entry.position() + " " + entry.text());
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create(), lines);
        server.route("/news", upgrade -> upgrade.accept(new News(topics, upgrade.queryParameter("after"))));
        return topics; // topics.publishText("news", "It rains")
    }
}
