package compare.jetty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

public class Quotes implements Session.Listener.AutoDemanding {
    record Question(long id, String symbol) {}

    record Answer(long id, double price) {}

    static final ObjectMapper JSON = new ObjectMapper();
    private Session session;

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
    }

    @Override
    public void onWebSocketText(String text) {
        try {
            Question question = JSON.readValue(text, Question.class);
            Answer answer = new Answer(question.id(), question.symbol().length());
            session.sendText(JSON.writeValueAsString(answer), Callback.NOOP);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(args[0]));
        server.setHandler(WebSocketUpgradeHandler.from(
                server, container -> container.addMapping("/quotes", (request, response, callback) -> new Quotes())));
        server.start();
    }
}
