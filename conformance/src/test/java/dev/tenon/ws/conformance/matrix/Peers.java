package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.matrix.Peer.Trait;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.undertow.Undertow;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.eclipse.jetty.websocket.api.Session;
import org.glassfish.tyrus.client.ClientManager;
import org.springframework.web.socket.WebSocketSession;
import reactor.netty.http.client.HttpClient;

/** All peers of the tables, in their order. An implementation that compresses only on request appears twice. */
final class Peers {
    private static final String DEFLATE = ", compression on";

    private static final Peer.Version NETTY = Versions.of(WebSocketFrame.class);
    private static final Peer.Version VERTX = Versions.of(Vertx.class);
    private static final Peer.Version REACTOR = Versions.of(HttpClient.class);
    private static final Peer.Version JETTY = Versions.of(Session.class);
    private static final Peer.Version UNDERTOW = Versions.of(Undertow.class);
    private static final Peer.Version TYRUS = Versions.of(ClientManager.class);
    private static final Peer.Version TOMCAT = Versions.of(Tomcat.class);
    private static final Peer.Version SPRING = Versions.of(WebSocketSession.class);
    private static final Peer.Version JAVA_WEBSOCKET = Versions.of(org.java_websocket.WebSocket.class);
    private static final Peer.Version OKHTTP = Versions.of(OkHttpClient.class);
    private static final Peer.Version JDK = () -> "17 and 25";

    private static final ProcessEcho.Command WS = Programs.node("ws", "ws");
    private static final ProcessEcho.Command WEBSOCKETS = Programs.python("websockets", "websockets");
    private static final ProcessEcho.Command AIOHTTP = Programs.python("aiohttp", "aiohttp");
    private static final ProcessEcho.Command TORNADO = Programs.python("tornado", "tornado");

    private Peers() {}

    private static ProcessEcho.Command boostBeast(String mode) {
        return Programs.compiled(mode, "g++", "beast_peer.cpp", "boost/beast.hpp", "pthread");
    }

    private static ProcessEcho.Command libwebsockets(String mode) {
        return Programs.compiled(mode, "gcc", "lws_peer.c", "libwebsockets.h", "websockets", "pthread");
    }

    static List<Peer<Peer.Client>> clients() {
        return Stream.of(
                        new Peer<Peer.Client>("Netty", NETTY, NettyEcho::connect, Trait.MAY_NOT_ANSWER),
                        new Peer<>("Vert.x", VERTX, VertxEcho.client(false)).onlyWithAll(),
                        new Peer<>("Vert.x" + DEFLATE, VERTX, VertxEcho.client(true)),
                        new Peer<>("Reactor Netty", REACTOR, ReactorNettyEcho.client(false)).onlyWithAll(),
                        new Peer<>("Reactor Netty" + DEFLATE, REACTOR, ReactorNettyEcho.client(true)).onlyWithAll(),
                        new Peer<>("Jetty", JETTY, JettyEcho.client(false)).onlyWithAll(),
                        new Peer<>("Jetty" + DEFLATE, JETTY, JettyEcho.client(true)),
                        new Peer<Peer.Client>("Undertow", UNDERTOW, UndertowEcho::connect),
                        new Peer<>("Tyrus", TYRUS, TyrusEcho.client(false)).onlyWithAll(),
                        new Peer<>("Tyrus" + DEFLATE, TYRUS, TyrusEcho.client(true)),
                        new Peer<>("Tomcat", TOMCAT, TomcatEcho.client(false)).onlyWithAll(),
                        new Peer<>("Tomcat" + DEFLATE, TOMCAT, TomcatEcho.client(true)),
                        new Peer<>("Spring over Tyrus", SPRING, SpringEcho.client(ClientManager::createClient))
                                .onlyWithAll(),
                        new Peer<>("Spring over Tomcat", SPRING, SpringEcho.client(WsWebSocketContainer::new))
                                .onlyWithAll(),
                        new Peer<>(
                                "Java-WebSocket",
                                JAVA_WEBSOCKET,
                                JavaWebSocketEcho.client(false),
                                Trait.MAY_NOT_ANSWER),
                        new Peer<>(
                                "Java-WebSocket" + DEFLATE,
                                JAVA_WEBSOCKET,
                                JavaWebSocketEcho.client(true),
                                Trait.MAY_NOT_ANSWER),
                        new Peer<Peer.Client>("OkHttp", OKHTTP, OkHttpEcho::connect, Trait.TLS),
                        new Peer<Peer.Client>("JDK", JDK, JdkEcho::connect, Trait.TLS),
                        new Peer<Peer.Client>(
                                "Chromium",
                                ChromiumEcho::version,
                                ChromiumEcho::connect,
                                Trait.TLS,
                                Trait.OF_THE_SYSTEM),
                        ProcessEcho.client("ws (Node)", WS, Trait.TLS),
                        ProcessEcho.client("undici (Node)", Programs.node("undici", "undici"), Trait.TLS),
                        ProcessEcho.client("Deno", Programs.deno(), Trait.TLS),
                        ProcessEcho.client("Bun", Programs.bun("bun"), Trait.TLS),
                        ProcessEcho.client("websockets (Python)", WEBSOCKETS, Trait.TLS, Trait.OF_THE_SYSTEM),
                        ProcessEcho.client("aiohttp (Python)", AIOHTTP, Trait.TLS, Trait.OF_THE_SYSTEM),
                        ProcessEcho.client("Tornado (Python)", TORNADO, Trait.TLS, Trait.OF_THE_SYSTEM),
                        ProcessEcho.client("Boost.Beast", boostBeast("plain"), Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.client("Boost.Beast" + DEFLATE, boostBeast("deflate"), Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.client("libwebsockets", libwebsockets("plain"), Trait.OF_THE_SYSTEM),
                        new Peer<Peer.Client>(
                                "curl",
                                CurlPeer::version,
                                CurlPeer::connect,
                                Trait.HANDSHAKE_ONLY,
                                Trait.OF_THE_SYSTEM))
                .toList();
    }

    static List<Peer<Peer.Server>> servers() {
        return Stream.of(
                        new Peer<Peer.Server>("Netty", NETTY, NettyEcho::listen),
                        new Peer<Peer.Server>("Vert.x", VERTX, VertxEcho::listen).onlyWithAll(),
                        new Peer<>("Reactor Netty", REACTOR, ReactorNettyEcho.server(false)).onlyWithAll(),
                        new Peer<>("Reactor Netty" + DEFLATE, REACTOR, ReactorNettyEcho.server(true)).onlyWithAll(),
                        new Peer<Peer.Server>("Jetty", JETTY, JettyEcho::listen),
                        new Peer<>("Undertow", UNDERTOW, UndertowEcho.server(false)).onlyWithAll(),
                        new Peer<>("Undertow" + DEFLATE, UNDERTOW, UndertowEcho.server(true)).withLongest(512 << 10),
                        new Peer<>("Tyrus", TYRUS, TyrusEcho.server(false)).onlyWithAll(),
                        new Peer<>("Tyrus" + DEFLATE, TYRUS, TyrusEcho.server(true)),
                        new Peer<Peer.Server>("Tomcat", TOMCAT, TomcatEcho::listen),
                        new Peer<>(
                                "Java-WebSocket",
                                JAVA_WEBSOCKET,
                                JavaWebSocketEcho.server(false),
                                Trait.MAY_NOT_ANSWER),
                        new Peer<>(
                                "Java-WebSocket" + DEFLATE,
                                JAVA_WEBSOCKET,
                                JavaWebSocketEcho.server(true),
                                Trait.MAY_NOT_ANSWER),
                        new Peer<Peer.Server>("OkHttp's MockWebServer", OKHTTP, OkHttpEcho::listen),
                        ProcessEcho.server("ws (Node)", WS, Trait.TLS).onlyWithAll(),
                        ProcessEcho.server("ws (Node)" + DEFLATE, Programs.node("ws-deflate", "ws")),
                        ProcessEcho.server("Deno", Programs.deno(), Trait.TLS),
                        ProcessEcho.server("Bun", Programs.bun("bun"), Trait.TLS)
                                .onlyWithAll(),
                        ProcessEcho.server("Bun" + DEFLATE, Programs.bun("bun-deflate")),
                        ProcessEcho.server("websockets (Python)", WEBSOCKETS, Trait.TLS, Trait.OF_THE_SYSTEM),
                        ProcessEcho.server("aiohttp (Python)", AIOHTTP, Trait.TLS, Trait.OF_THE_SYSTEM),
                        ProcessEcho.server("Tornado (Python)", TORNADO, Trait.TLS, Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.server(
                                "Tornado (Python)" + DEFLATE,
                                Programs.python("tornado_deflate", "tornado"),
                                Trait.OF_THE_SYSTEM),
                        ProcessEcho.server(
                                "uvicorn over websockets",
                                Programs.python("uvicorn", "uvicorn", "websockets"),
                                Trait.OF_THE_SYSTEM),
                        ProcessEcho.server(
                                        "uvicorn over wsproto",
                                        Programs.python("uvicorn_wsproto", "uvicorn", "wsproto"),
                                        Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.server("hypercorn", Programs.python("hypercorn", "hypercorn"), Trait.OF_THE_SYSTEM),
                        ProcessEcho.server("Boost.Beast", boostBeast("plain"), Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.server("Boost.Beast" + DEFLATE, boostBeast("deflate"), Trait.OF_THE_SYSTEM)
                                .onlyWithAll(),
                        ProcessEcho.server("libwebsockets", libwebsockets("plain"), Trait.OF_THE_SYSTEM),
                        ProcessEcho.server(
                                "libwebsockets" + DEFLATE,
                                libwebsockets("deflate"),
                                Trait.NOT_EMPTY,
                                Trait.OF_THE_SYSTEM))
                .toList();
    }
}
