package compare.javalin;

import io.javalin.Javalin;

public class BlockingEcho {
    public static void main(String[] args) {
        Javalin.create(config -> {
                    config.concurrency.useVirtualThreads = true; // from Java 21 on
                    config.routes.ws("/echo", ws -> ws.onMessage(ctx -> ctx.send(ctx.message())));
                })
                .start(Integer.parseInt(args[0]));
    }
}
