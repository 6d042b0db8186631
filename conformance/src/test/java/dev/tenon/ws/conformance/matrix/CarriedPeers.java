package dev.tenon.ws.conformance.matrix;

import static dev.tenon.ws.handshake.HttpVersion.HTTP_1_1;
import static dev.tenon.ws.handshake.HttpVersion.HTTP_2;
import static dev.tenon.ws.handshake.HttpVersion.HTTP_3;

import dev.tenon.ws.conformance.matrix.Peer.Trait;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.websocket.api.Session;

/** The peers that are tested with ws-netty over one version of HTTP, in the order of the tables. */
final class CarriedPeers {
    private static final ProcessEcho.Command NODE = Programs.node("http2", "ws");

    private CarriedPeers() {}

    static List<Peer<CarriedPeer<Peer.Client>>> clients() {
        return Stream.of(
                        chromium("Chromium, HTTP/1.1", CarriedPeer.clear(HTTP_1_1, ChromiumEcho::connect))
                                .onlyWithAll(),
                        chromium("Chromium, HTTP/2", CarriedPeer.secure(HTTP_2, ChromiumEcho::connect)),
                        chromium("Chromium, HTTP/3", CarriedPeer.secure(HTTP_3, ChromiumEcho::connectByHttp3)),
                        chromium(
                                        "Chromium behind HAProxy, HTTP/2",
                                        CarriedPeer.clear(HTTP_2, Haproxy.inFrontOfServer(ChromiumEcho::connect)))
                                .onlyWithAll(),
                        new Peer<>(
                                "JDK behind HAProxy, HTTP/2",
                                Haproxy::version,
                                CarriedPeer.<Peer.Client>clear(HTTP_2, Haproxy.inFrontOfServer(JdkEcho::connect)),
                                Trait.OF_THE_SYSTEM),
                        new Peer<>(
                                "Jetty, HTTP/2",
                                Versions.of(Session.class),
                                CarriedPeer.<Peer.Client>clear(HTTP_2, JettyEcho::connectByHttp2)),
                        client(
                                "Node's http2, HTTP/2",
                                false,
                                ProcessEcho.client("", NODE),
                                Trait.TLS,
                                Trait.OF_THE_SYSTEM),
                        client("Deno, HTTP/2", true, ProcessEcho.client("", Programs.deno())))
                .toList();
    }

    private static Peer<CarriedPeer<Peer.Client>> chromium(String name, CarriedPeer<Peer.Client> peer) {
        return new Peer<>(name, ChromiumEcho::version, peer, Trait.OF_THE_SYSTEM);
    }

    private static Peer<CarriedPeer<Peer.Client>> client(
            String name, boolean secure, Peer<Peer.Client> process, Trait... traits) {
        return new Peer<>(name, process.version(), new CarriedPeer<>(HTTP_2, secure, process.start()), traits);
    }

    static List<Peer<CarriedPeer<Peer.Server>>> servers() {
        return Stream.of(
                        server("Node's http2, HTTP/2", ProcessEcho.server("", NODE), Trait.TLS, Trait.OF_THE_SYSTEM),
                        server(
                                "hypercorn, HTTP/2",
                                ProcessEcho.server("", Programs.python("hypercorn", "hypercorn")),
                                Trait.TLS,
                                Trait.OF_THE_SYSTEM),
                        new Peer<>(
                                "HAProxy before ws (Node), HTTP/2",
                                Haproxy::version,
                                CarriedPeer.<Peer.Server>clear(
                                        HTTP_2,
                                        Haproxy.inFrontOfPeer(ProcessEcho.server("", Programs.node("ws", "ws"))
                                                .start())),
                                Trait.OF_THE_SYSTEM))
                .toList();
    }

    private static Peer<CarriedPeer<Peer.Server>> server(String name, Peer<Peer.Server> process, Trait... traits) {
        return new Peer<>(name, process.version(), CarriedPeer.clear(HTTP_2, process.start()), traits);
    }
}
