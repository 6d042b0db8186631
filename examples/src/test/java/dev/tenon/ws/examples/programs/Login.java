package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.util.concurrent.CompletionStage;

public record Login(String user) implements WebSocketListener {
    interface UserStore {
        CompletionStage<String> bySession(String id); // null for an unknown session
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        webSocket.sendText("Hello, " + user);
    }

    static void routes(RouteBuilder<?> server, UserStore users) {
        server.route("/chat", upgrade -> {
            String session = upgrade.cookie("sid");
            return session == null
                    ? upgrade.refuse(401, "Log in")
                    : users.bySession(session)
                            .thenApply(user ->
                                    user == null ? upgrade.refuse(401, "Log in") : upgrade.accept(new Login(user)));
        });
    }
}
