package dev.tenon.ws.conformance.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.WebSocketServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process with one event of each kind: an echo, a refusal, a slow peer, and each kind of end. */
final class Observed {
    private static final String UPGRADE = """
            GET /echo HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;
    private static final int FLOOD = 20_000_000;

    private Observed() {}

    public static void main(String... args) throws Exception {
        System.out.println("recorder "
                + ModuleLayer.boot().findModule("jdk.jfr").isPresent() + ", module "
                + WebSocketServer.class.getModule().isNamed());
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .route("/echo", upgrade -> upgrade.accept(new Echo()))
                .start();
        try (server;
                WebSocketClient client = WebSocketClient.create()) {
            echo(client, server.port());
            flood(server);
            try (Socket refused = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                refused.setSoTimeout(10_000);
                refused.getOutputStream().write("GET /nothing HTTP/3.3\r\n\r\n".getBytes(ISO_8859_1));
                System.out.println(new String(refused.getInputStream().readNBytes(12), ISO_8859_1));
            }
        }
        System.out.println(server.counters().closedCleanly() + " clean, "
                + server.counters().lost() + " lost, "
                + server.counters().refused() + " refused, "
                + server.counters().stalls() + " stalled");
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(ByteBuffer.allocate(FLOOD));
        }
    }

    private static void echo(WebSocketClient client, int port) throws Exception {
        CompletableFuture<String> echo = new CompletableFuture<>();
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        WebSocket webSocket = client.connect("ws://127.0.0.1:" + port + "/echo?secret=x", new WebSocketListener() {
                    @Override
                    public void onText(WebSocket webSocket, String text) {
                        echo.complete(text);
                    }

                    @Override
                    public void onClose(WebSocket webSocket, CloseEvent event) {
                        closed.complete(event);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        webSocket.sendText("hello");
        System.out.println(echo.get(10, TimeUnit.SECONDS));
        webSocket.close(new CloseCode(4321), "enough");
        System.out.println(closed.get(10, TimeUnit.SECONDS).code().value());
    }

    /** A peer that reads slowly, and then disappears without closing. */
    private static void flood(WebSocketServer server) throws Exception {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            slow.setSoTimeout(10_000);
            slow.getOutputStream().write(UPGRADE.replace("\n", "\r\n").getBytes(ISO_8859_1));
            slow.getOutputStream().write(new byte[] {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 1});
            while (server.counters().stalls() == 0) {
                Thread.sleep(5);
            }
            Thread.sleep(50);
            InputStream in = slow.getInputStream();
            System.out.println(in.readNBytes(FLOOD).length == FLOOD ? "flooded" : "cut off");
            slow.setSoLinger(true, 0);
        }
        while (server.counters().lost() == 0) {
            Thread.sleep(5);
        }
    }
}
