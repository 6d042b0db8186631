package dev.tenon.ws.examples.programs;

import dev.tenon.ws.connection.*;
import dev.tenon.ws.server.*;
import java.util.concurrent.*;

public class BlockingEcho {
    static void echo(Inbox inbox) throws Exception {
        while (inbox.receive() instanceof Incoming.Text message) {
            inbox.webSocket().sendBlocking(Message.text(message.text()));
        }
    }

    static void routes(RouteBuilder<?> server, Executor threads) {
        server.route("/echo", upgrade -> upgrade.accept(Inbox.handledBy(BlockingEcho::echo, threads)));
    }

    public static void main(String[] args) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool(); // from Java 21 on: newVirtualThreadPerTaskExecutor()
        WebSocketServer.builder()
                .listen(8080)
                .routes(server -> routes(server, threads))
                .start();
    }
}
