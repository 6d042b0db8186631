package compare.helidon;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.UncheckedIOException;

public class Quotes implements WsListener {
    record Question(long id, String symbol) {}

    record Answer(long id, double price) {}

    static final ObjectMapper JSON = new ObjectMapper();
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onMessage(WsSession session, String piece, boolean last) {
        text.append(piece);
        if (!last) {
            return;
        }
        try {
            Question question = JSON.readValue(text.toString(), Question.class);
            text.setLength(0);
            Answer answer = new Answer(question.id(), question.symbol().length());
            session.send(JSON.writeValueAsString(answer), true);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .addRouting(WsRouting.builder().endpoint("/quotes", Quotes::new))
                .build()
                .start();
    }
}
