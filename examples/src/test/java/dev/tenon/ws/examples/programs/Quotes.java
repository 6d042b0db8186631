package dev.tenon.ws.examples.programs;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.util.function.ToDoubleFunction;

public class Quotes {
    record Question(long id, String symbol) {}

    record Answer(long id, double price) {}

    static final ObjectMapper JSON = new ObjectMapper();

    static <T> Codec<T> json(Class<T> type) {
        return Codec.text(JSON::writeValueAsString, text -> JSON.readValue(text, type));
    }

    static void routes(RouteBuilder<?> server, ToDoubleFunction<String> prices) {
        Codec<Answer> answers = json(Answer.class);
        TypedListener<Question> quotes = (peer, question) ->
                answers.on(peer.webSocket()).send(new Answer(question.id(), prices.applyAsDouble(question.symbol())));
        server.route("/quotes", upgrade -> upgrade.accept(json(Question.class).listener(quotes)));
    }
}
