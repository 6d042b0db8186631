package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.UpgradeRequest;
import dev.tenon.ws.server.RouteBuilder;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page, an echo at {@code /ws}, and at {@code /frames} the bytes and frames of that echo; a second page at {@code /push}. The
 * page opens both with the same {@code id}, the view first. The tap of a connection is found by the address of its peer, that of a stream of HTTP/2
 * or HTTP/3 by its request. All of it runs on one event loop, so nothing is synchronized.
 */
final class Demo {
    private static final Pattern ID = Pattern.compile("(?:^|&)id=([0-9A-Za-z_-]{8,64})(?:&|$)");
    private static final int MOST_TAPS = 1024;
    private static final int MOST_EVENTS = 10_000;

    private final ByteBuffer page = page("demo.html");
    private final ByteBuffer deliveryPage = page("delivery.html");
    private final Deliveries deliveries = new Deliveries();
    private final Map<String, DemoView> views = new HashMap<>();
    private final Executor sender = sender();

    /** Taps of connections that have not become WebSockets yet; the oldest ones are removed. */
    private final Map<Object, DemoTap> taps = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, DemoTap> eldest) {
            return size() > MOST_TAPS;
        }
    };

    WebSocketServerBuilder server() {
        WebSocketServerBuilder builder = WebSocketServer.builder().loops(1).tap(this::tap);
        addTo(builder);
        return builder;
    }

    /** Adds the page and its two paths to a server with one event loop. */
    void addTo(RouteBuilder<?> routes) {
        routes.extensions(DeclinableExtension.load())
                .http(exchange -> response(exchange.request()))
                .route("/ws", this::echo)
                .route("/frames", this::frames)
                .routes(deliveries::routes);
    }

    /** Returns the tap of a WebSocket over any version of HTTP, or null if no view shows it. */
    @Nullable
    WireTap tap(HttpRequest request) {
        if (!request.path().equals("/ws")) {
            return null;
        }
        DemoTap tap = new DemoTap();
        taps.put(request, tap);
        return tap;
    }

    private WireTap tap(SocketAddress peer) {
        DemoTap tap = new DemoTap();
        taps.put(peer, tap);
        return new Tee(tap, deliveries.tap(peer));
    }

    private UpgradeResponse echo(UpgradeExchange upgrade) {
        UpgradeRequest request = upgrade.upgradeRequest();
        DeclinableExtension.decline(query(request).contains("deflate=off"));
        DemoTap ofPeer = taps.remove(request.peer());
        DemoTap tap = ofPeer != null ? ofPeer : taps.remove(upgrade.request());
        DemoView view = views.get(id(request));
        DemoEcho echo = new DemoEcho(view);
        if (tap != null && view != null) {
            view.attach(echo, upgrade.request().version());
            tap.showOn(view);
        }
        return upgrade.accept(echo);
    }

    private UpgradeResponse frames(UpgradeExchange upgrade) {
        UpgradeRequest request = upgrade.upgradeRequest();
        DeclinableExtension.decline(true);
        taps.remove(request.peer());
        String id = id(request);
        if (id.isEmpty()) {
            throw HandshakeException.refuse(400, "give an id of 8 to 64 letters and digits: /frames?id=...");
        }
        DemoView view = new DemoView(sender, () -> views.remove(id));
        if (views.putIfAbsent(id, view) != null) {
            throw HandshakeException.refuse(409, "this connection has a view already");
        }
        return upgrade.accept(view);
    }

    /** One daemon thread; drops events if too many wait. */
    private static Executor sender() {
        return new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_EVENTS),
                run -> {
                    Thread thread = new Thread(run, "demo-views");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static String query(UpgradeRequest request) {
        String query = request.query();
        return query == null ? "" : query;
    }

    private static String id(UpgradeRequest request) {
        Matcher id = ID.matcher(query(request));
        return id.find() ? id.group(1) : "";
    }

    private HttpResponse response(HttpRequest request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return HttpResponse.of(405, Headers.of("Allow", "GET, HEAD"));
        }
        return switch (request.path()) {
            case "/" -> new HttpResponse(200, "OK", PAGE_HEADERS, page.duplicate());
            case "/push" -> new HttpResponse(200, "OK", PAGE_HEADERS, deliveryPage.duplicate());
            case "/favicon.ico" -> HttpResponse.of(204, Headers.empty());
            case "/ws", "/frames", "/delivery", "/delivery/push" ->
                HttpResponse.text(426, "This is for WebSocket: open / in a browser, or run: ws connect.\n")
                        .withHeaders(Headers.of("Upgrade", "websocket", "Connection", "Upgrade"));
            default -> HttpResponse.text(404, "There is only /, /push and, for WebSocket, /ws.\n");
        };
    }

    private static final Headers PAGE_HEADERS = Headers.of(
            "Content-Type", "text/html; charset=utf-8",
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;"
                            + " connect-src 'self' ws: wss:; base-uri 'none'; frame-ancestors 'none'");

    private static ByteBuffer page(String name) {
        try (@Nullable InputStream stream = Demo.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing from this build: build ws-cli anew");
            }
            return ByteBuffer.wrap(stream.readAllBytes()).asReadOnlyBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
