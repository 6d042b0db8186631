package compare.helidon;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.helidon.websocket.WsUpgradeException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

public class Login implements WsListener { // a refusal has no status of its own
    private String user;

    static String userOf(String session) { // the virtual thread waits with it
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "s3cret".equals(session) ? "Ada" : null;
    }

    @Override
    public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) throws WsUpgradeException {
        String session = Stream.of(headers.value(HeaderNames.COOKIE).orElse("").split("; *"))
                .filter(cookie -> cookie.startsWith("sid="))
                .map(cookie -> cookie.substring(4))
                .findFirst()
                .orElse("");
        user = userOf(session);
        if (user == null) {
            throw new WsUpgradeException("Log in first");
        }
        return Optional.empty();
    }

    @Override
    public void onOpen(WsSession session) {
        session.send("Hello, " + user, true);
    }

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .addRouting(WsRouting.builder().endpoint("/chat", Login::new))
                .build()
                .start();
    }
}
