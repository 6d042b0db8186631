package arena;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.server.WebSocketServer;
import java.nio.ByteBuffer;

/** Echoes at {@code /ws}: text as text, binary as binary, with the server's defaults. */
public final class EchoServer implements WebSocketListener {
    private static final EchoServer ECHO = new EchoServer();

    private EchoServer() {}

    @Override
    public void onText(WebSocket webSocket, String text) {
        webSocket.sendText(text);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        webSocket.sendBinary(data);
    }

    /**
     * Serves port 8080, or another one that is given, on all addresses, until the process ends.
     *
     * @param args the port
     * @throws Exception if it cannot listen there
     */
    public static void main(String... args) throws Exception {
        int port = args.length == 0 ? 8080 : Integer.parseInt(args[0]);
        WebSocketServer server = WebSocketServer.builder()
                .listen(port)
                .origins(OriginPolicy.any())
                .route("/ws", upgrade -> upgrade.accept(ECHO))
                .start();
        System.out.println("listening ws://127.0.0.1:" + server.port() + "/ws");
        Thread.currentThread().join();
    }
}
