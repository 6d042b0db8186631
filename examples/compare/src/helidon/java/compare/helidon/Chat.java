package compare.helidon;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

public class Chat implements WsListener {
    static final Map<String, Set<WsSession>> ROOMS = new ConcurrentHashMap<>();

    private final StringBuilder text = new StringBuilder();

    private static Set<WsSession> room(WsSession session) {
        return ROOMS.computeIfAbsent(session.prologue().uriPath().path(), path -> ConcurrentHashMap.newKeySet());
    }

    @Override
    public void onOpen(WsSession session) {
        room(session).add(session);
    }

    @Override
    public void onMessage(WsSession session, String piece, boolean last) {
        text.append(piece);
        if (last) {
            room(session).forEach(member -> member.send(text.toString(), true));
            text.setLength(0);
        }
    }

    @Override
    public void onClose(WsSession session, int code, String reason) {
        room(session).remove(session);
    }

    @Override
    public void onError(WsSession session, Throwable failure) {
        room(session).remove(session);
    }

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .addRouting(WsRouting.builder().endpoint("/rooms/{room}", Chat::new))
                .build()
                .start();
    }
}
