package dev.tenon.ws.examples.programs;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.io.IOException;
import java.util.function.ToDoubleFunction;

public record Quotes(ToDoubleFunction<String> prices) implements WebSocketListener {
    record Question(long id, String symbol) {}

    record Answer(long id, double price) {}

    static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void onText(WebSocket webSocket, String text) throws IOException { // what throws ends the connection
        Question question = JSON.readValue(text, Question.class);
        Answer answer = new Answer(question.id(), prices.applyAsDouble(question.symbol()));
        webSocket.sendText(JSON.writeValueAsString(answer));
    }

    static void routes(RouteBuilder<?> server, ToDoubleFunction<String> prices) {
        server.route("/quotes", upgrade -> upgrade.accept(new Quotes(prices)));
    }
}
