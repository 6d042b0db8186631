package compare.javalin;

import io.javalin.Javalin;

public class Quotes {
    record Question(long id, String symbol) {}

    record Answer(long id, double price) {}

    public static void main(String[] args) {
        Javalin.create(config -> config.routes.ws(
                        "/quotes",
                        ws -> ws.onMessage(ctx -> {
                            Question question = ctx.messageAsClass(Question.class);
                            ctx.send(new Answer(question.id(), question.symbol().length()));
                        })))
                .start(Integer.parseInt(args[0]));
    }
}
