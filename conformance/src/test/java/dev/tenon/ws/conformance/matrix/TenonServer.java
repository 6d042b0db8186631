package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tenon's server with its defaults, and a peer that connects to it. */
final class TenonServer implements Opener {
    private static final String PAGE = "<!doctype html><title>peer</title>";

    private final Peer.Client peer;
    private final @Nullable Certificate certificate;
    private final WebSocketServer server;
    private volatile TenonEnd next = new TenonEnd();
    private final Queue<Traffic> traffic = new ConcurrentLinkedQueue<>();

    TenonServer(Peer.Client peer, @Nullable Certificate certificate) throws Exception {
        this.peer = peer;
        this.certificate = certificate;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        WebSocketServerBuilder builder = WebSocketServer.builder();
        server = (certificate == null
                        ? builder.listen(address)
                        : builder.listen(address, ServerTls.of(certificate.context())))
                .route("/", upgrade -> upgrade.accept(next))
                .http(request -> page())
                .tap(ignored -> tap())
                .start();
    }

    private Traffic tap() {
        Traffic one = new Traffic();
        traffic.add(one);
        return one;
    }

    /** Browsers request other resources too. */
    private Traffic upgrade() {
        return traffic.stream()
                .filter(one -> !FrameLog.field(one.received.head(), "Upgrade").isEmpty())
                .findAny()
                .orElseThrow();
    }

    private static HttpResponse page() {
        HttpResponse page = HttpResponse.text(200, PAGE);
        return page.withHeaders(page.headers().toBuilder()
                .remove("Content-Type")
                .add("Content-Type", "text/html")
                .build());
    }

    @Override
    public PeerConnection open() throws Exception {
        next = new TenonEnd();
        traffic.clear();
        EventLog eventLog = new EventLog();
        String url = (certificate == null ? "ws" : "wss") + "://127.0.0.1:" + server.port() + "/";
        Stop end = peer.connect(url, eventLog, certificate);
        try {
            WebSocket webSocket = next.opened.get(20, TimeUnit.SECONDS);
            return new PeerConnection(webSocket, upgrade(), next.eventLog, eventLog, end);
        } catch (Exception e) {
            end.close();
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
