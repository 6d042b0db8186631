package compare.helidon;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

public class BlockingEcho implements WsListener { // each connection has a virtual thread
    @Override
    public void onMessage(WsSession session, String piece, boolean last) {
        session.send(piece, last);
    }

    public static void main(String[] args) {
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .addRouting(WsRouting.builder().endpoint("/echo", new BlockingEcho()))
                .build()
                .start();
    }
}
