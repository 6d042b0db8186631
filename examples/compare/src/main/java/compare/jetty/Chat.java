package compare.jetty;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

public class Chat implements Session.Listener.AutoDemanding {
    static final UriTemplatePathSpec PATH = new UriTemplatePathSpec("/rooms/{room}");
    static final Map<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();

    private final String room;
    private Session session;

    Chat(String room) {
        this.room = room;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
        ROOMS.computeIfAbsent(room, name -> ConcurrentHashMap.newKeySet()).add(session);
    }

    @Override
    public void onWebSocketText(String text) {
        ROOMS.get(room).forEach(member -> member.sendText(text, Callback.NOOP));
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        ROOMS.get(room).remove(session);
        callback.succeed();
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping(
                        PATH,
                        (request, response, callback) -> new Chat(PATH.getPathParams(Request.getPathInContext(request))
                                .get("room")))));
        server.start();
    }
}
