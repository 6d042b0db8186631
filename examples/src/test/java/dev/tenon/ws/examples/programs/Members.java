package dev.tenon.ws.examples.programs;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.*;
import dev.tenon.ws.topics.*;
import java.time.Duration;

public class Members {
    static void routes(RouteBuilder<?> server, Topics rooms, Presence presence) {
        server.route("/lobby/{room}", upgrade -> {
            String name = upgrade.queryParameter("name");
            return name == null
                    ? upgrade.refuse(400, "Add ?name=NAME")
                    : upgrade.accept(new Lobby(rooms, presence, upgrade.pathParameter("room"), name));
        });
        HttpHandler members = HttpHandler.async(request -> presence.members(request.pathParameter("room"))
                .thenApply(names -> HttpResponse.text(200, String.join("\n", names))));
        server.get("/lobby/{room}/members", members);
    }

    public static void main(String[] args) throws Exception {
        WebSocketServerBuilder builder = WebSocketServer.builder().listen(8080);
        routes(builder, Topics.of(SlowSubscriber.CLOSE), LocalPresence.create());
        WebSocketServer server = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofSeconds(5))));
    }
}
