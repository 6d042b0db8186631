package compare.javalin;

import io.javalin.Javalin;
import io.javalin.websocket.WsContext;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

public class Chat {
    static final Map<String, Set<WsContext>> ROOMS = new ConcurrentHashMap<>();

    public static void main(String[] args) {
        Javalin.create(config -> config.routes.ws("/rooms/{room}", ws -> {
                    ws.onConnect(
                            ctx -> ROOMS.computeIfAbsent(ctx.pathParam("room"), name -> ConcurrentHashMap.newKeySet())
                                    .add(ctx));
                    ws.onMessage(ctx -> ROOMS.get(ctx.pathParam("room")).forEach(member -> {
                        if (member.session.isOpen()) {
                            member.send(ctx.message());
                        }
                    }));
                    ws.onClose(ctx -> ROOMS.get(ctx.pathParam("room")).remove(ctx));
                }))
                .start(Integer.parseInt(args[0]));
    }
}
