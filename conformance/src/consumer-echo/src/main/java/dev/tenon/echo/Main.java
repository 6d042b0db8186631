package dev.tenon.echo;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetSocketAddress;

/** A server that echoes, and a client that asks it once: prints the echo, and how it was compressed. */
public final class Main implements WebSocketListener {

    private Main() {}

    @Override
    public void onText(WebSocket webSocket, String text) {
        webSocket.sendText(text);
    }

    public static void main(String... args) throws Exception {
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(any)
                        .route("/echo", upgrade -> upgrade.accept(new Main()))
                        .start();
                WebSocketClient client = WebSocketClient.create();
                Inbox inbox = client.openInbox("ws://127.0.0.1:" + server.port() + "/echo")) {
            inbox.webSocket().sendText("Grüße");
            String echo = ((Incoming.Text) inbox.receive()).text();
            String extensions = inbox.webSocket().extensions().toString();
            System.out.println(echo + " " + extensions.replaceAll("[\\[\\]]|;.*", ""));
        }
    }
}
