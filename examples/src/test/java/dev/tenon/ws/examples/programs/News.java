package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import dev.tenon.ws.topics.*;

public record News(ClusterTopics topics, Position after) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        if (after == null) {
            topics.subscribe("news", webSocket);
        } else {
            topics.resume("news", webSocket, after); // sends the missed messages first
        }
    }

    static ClusterTopics routes(RouteBuilder<?> server) {
        Envelope lines = entry -> PreparedMessage.text(entry.position() + " " + entry.text());
        ClusterTopics topics = ClusterTopics.over(LocalBackbone.create(), lines);
        server.route("/news", upgrade -> {
            Position after = upgrade.queryParameter("after", Position::parse); // a malformed one gets 400
            return upgrade.accept(new News(topics, after));
        });
        return topics; // topics.publishText("news", "It rains")
    }
}
