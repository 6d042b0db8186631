package compare.jetty;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

public record Login(String user) implements Session.Listener.AutoDemanding {
    static String userOf(String session) throws InterruptedException { // blocks the thread
        TimeUnit.MILLISECONDS.sleep(200);
        return "s3cret".equals(session) ? "Ada" : null;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        session.sendText("Hello, " + user, Callback.NOOP);
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        server.setHandler(WebSocketUpgradeHandler.from(
                server,
                container -> container.addMapping("/chat", (request, response, callback) -> {
                    String session = Request.getCookies(request).stream()
                            .filter(cookie -> cookie.getName().equals("sid"))
                            .map(HttpCookie::getValue)
                            .findFirst()
                            .orElse("");
                    String user = userOf(session);
                    if (user == null) {
                        Response.writeError(request, response, callback, 401, "Log in first");
                        return null;
                    }
                    return new Login(user);
                })));
        server.start();
    }
}
