package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.netty.NettyServer;
import dev.tenon.ws.netty.NettyServerBuilder;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server of ws-netty with its defaults, which accepts WebSockets over one version of HTTP only, and a peer that
 * connects to it.
 */
final class CarrierServer implements Opener {
    private static final String PAGE = "<!doctype html><title>peer</title>";

    private final CarriedPeer<Peer.Client> peer;
    private final @Nullable Certificate certificate;
    private final NettyServer server;
    private volatile TenonEnd next = new TenonEnd();
    private volatile String offered = "";

    CarrierServer(CarriedPeer<Peer.Client> peer, @Nullable Certificate certificate) throws Exception {
        this.peer = peer;
        this.certificate = certificate;
        NettyServerBuilder builder = NettyServer.builder()
                .routes(routes -> routes.route("/", this::take).get("/", request -> page()));
        if (certificate != null) {
            builder.tls(certificate.pem(), certificate.pem());
            if (peer.version() == HttpVersion.HTTP_2) {
                builder.tls(onlyHttp2(certificate)).http3(null);
            }
        }
        server = builder.start();
    }

    /** Rejects clients that prefer HTTP/1.1, so that they try HTTP/2. */
    private static SslContext onlyHttp2(Certificate certificate) throws SSLException {
        return SslContextBuilder.forServer(
                        certificate.pem().toFile(), certificate.pem().toFile())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.FATAL_ALERT,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2))
                .build();
    }

    private UpgradeResponse take(UpgradeExchange upgrade) {
        HttpVersion version = upgrade.request().version();
        offered = Objects.requireNonNullElse(upgrade.headers().first("Sec-WebSocket-Extensions"), "");
        return version == peer.version()
                ? upgrade.accept(next)
                : upgrade.refuse(404, "this is for " + peer.version() + ", not for " + version);
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
        EventLog eventLog = new EventLog();
        String url = (certificate == null ? "ws" : "wss") + "://127.0.0.1:" + server.port() + "/";
        Stop end = peer.peer().connect(url, eventLog, certificate);
        try {
            WebSocket webSocket = next.opened.get(20, TimeUnit.SECONDS);
            Traffic traffic =
                    Traffic.untapped("HTTP/2 200" + extensions(agreed(webSocket)), "CONNECT /" + extensions(offered));
            return new PeerConnection(webSocket, traffic, next.eventLog, eventLog, end);
        } catch (Exception e) {
            end.close();
            throw e;
        }
    }

    static String agreed(WebSocket webSocket) {
        return webSocket.extensions().stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /** Returns the header line for the value, or an empty text without a value. */
    static String extensions(String value) {
        return value.isEmpty() ? "" : "\r\nSec-WebSocket-Extensions: " + value;
    }

    @Override
    public void close() {
        server.stop(Duration.ZERO);
    }
}
