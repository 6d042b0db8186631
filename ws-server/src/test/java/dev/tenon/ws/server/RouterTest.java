package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final Endpoint NONE = upgrade -> upgrade.refuse(404, "none");

    private static Router router(String... templates) {
        WebSocketServerBuilder builder = WebSocketServer.builder().extensions(Extensions.none());
        for (String template : templates) {
            if (template.startsWith("/")) {
                builder.route(template, NONE);
            } else {
                String[] parts = template.split(" ", -1);
                builder.handle(parts[0], parts[1], request -> HttpResponse.text(200, ""));
            }
        }
        return builder.router(ServerState.of(() -> true));
    }

    private static String upgrade(Router router, String path) {
        Router.Match<UpgradeRoute> match = router.upgrade(PathSegments.of(path));
        return match == null ? "none" : match.route().template().text() + " " + match.parameters();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/                     | / {}",
                "/rooms                | /rooms {}",
                "/rooms/               | /{all...} {all=rooms/}",
                "/rooms/oak            | /rooms/{room} {room=oak}",
                "/rooms/new            | /rooms/new {}",
                "/rooms/new/           | /{all...} {all=rooms/new/}",
                "/rooms/new/members    | /rooms/{room}/members {room=new}",
                "/rooms/new/log/a/b    | /rooms/{room}/log/{rest...} {room=new, rest=a/b}",
                "/rooms/new/log/       | /rooms/{room}/log/{rest...} {room=new, rest=}",
                "/rooms/new/log        | /{all...} {all=rooms/new/log}",
                "/rooms/caf%C3%A9      | /rooms/{room} {room=café}",
                "/rooms/a%2Fb          | /rooms/{room} {room=a/b}",
                "/rooms/a+b%20c        | /rooms/{room} {room=a+b c}",
                "/%72ooms/n%65w        | /rooms/new {}",
                "/grün                 | none",
                "/gr%C3%BCn            | /grün {}",
                "//rooms               | /{all...} {all=/rooms}",
            })
    void theMoreLiteralTemplateWinsAndValuesAreDecoded(String path, String expected) {
        Router router = router(
                "/",
                "/rooms",
                "/rooms/{room}",
                "/rooms/new",
                "/rooms/{room}/members",
                "/rooms/{room}/log/{rest...}",
                "/{all...}",
                "/grün");
        if (!path.equals("/grün")) { // a request cannot contain this path
            assertEquals(expected, upgrade(router, path));
        }
    }

    @Test
    void aPathWithoutARouteHasNoMatch() {
        Router router = router("/a/{b}/c");
        assertEquals("none", upgrade(router, "/a/b"));
        assertEquals("none", upgrade(router, "/a//c"), "a parameter is never empty");
        assertEquals("none", upgrade(router, "/a/b/c/d"));
        assertEquals("none", upgrade(router, "/A/b/c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/rooms/%zz",
                "/rooms/%",
                "/rooms/%4",
                "/rooms/%ff",
                "/rooms/%C3",
                "/rooms/%C0%AF",
                "/rooms/..",
                "/rooms/.",
                "/rooms/%2e%2E",
                "/%2e/a",
                "/rooms/%00",
                "/rooms/a%0D%0Ab",
                "/rooms/%7F",
                "/files/a%2Fb",
                "/rooms/%c2%85"
            })
    void anAmbiguousPathIsRefused(String path) {
        Router router = router("/rooms/{room}", "/files/{rest...}");
        assertEquals(
                400,
                assertThrows(HandshakeException.class, () -> upgrade(router, path))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rooms",
                "{a}",
                "/{a}/{a}",
                "/{a}/{a...}",
                "/{}",
                "/{a b}",
                "/{1}",
                "/{a...}/b",
                "/a{b}",
                "/{a}b",
                "/{a",
                "/a}",
                "/*",
                "/a/*",
                "/a?b",
                "/a#b",
                "/..",
                "/a/%2e",
                "/%zz",
                "/{...}",
                "/%00",
                "https://example.com/a"
            })
    void aMalformedTemplateIsRefusedAtOnce(String template) {
        WebSocketServerBuilder builder = WebSocketServer.builder();
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> builder.route(template, NONE))
                        .getMessage());
        assertTrue(message.contains("\"" + template + "\" is not the path of a route: "), message);
    }

    @ParameterizedTest
    @CsvSource({"/a, /a", "/{a}, /{b}", "/x/{a...}, /x/{b...}", "/a, /%61", "/{a}/b, /{c}/b"})
    void twoTemplatesForTheSamePathsAreRefusedAtOnce(String first, String second) {
        WebSocketServerBuilder builder = WebSocketServer.builder().route(first, NONE);
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> builder.route(second, NONE))
                .getMessage());
        assertTrue(message.contains(first) && message.contains(second), message);
        builder.get(first, request -> HttpResponse.text(200, ""));
        assertThrows(IllegalArgumentException.class, () -> builder.get(second, request -> HttpResponse.text(200, "")));
        builder.put(second, request -> HttpResponse.text(200, ""));
    }

    @Test
    void eachMethodHasItsOwnRoute() {
        Router router =
                router("GET /a/{x}", "POST /a/{y}", "PUT /a/b", "GET /{all...}", "HEAD /head", "GET /head", "/ws");
        assertEquals(Map.of("x", "b"), parameters(router, "GET", "/a/b"), "the literal one has no GET");
        assertEquals(Map.of("x", "b"), parameters(router, "HEAD", "/a/b"));
        assertEquals(Map.of("y", "b"), parameters(router, "POST", "/a/b"));
        assertEquals(Map.of(), parameters(router, "PUT", "/a/b"));
        assertNull(router.http("PATCH", PathSegments.of("/a/b")));
        assertEquals("GET, HEAD, OPTIONS, POST, PUT", router.allowed(PathSegments.of("/a/b")));
        assertEquals("GET, HEAD, OPTIONS", router.allowed(PathSegments.of("/elsewhere")));
        assertEquals("", router("/ws").allowed(PathSegments.of("/ws")));
    }

    private static Map<String, String> parameters(Router router, String method, String path) {
        Router.Match<HttpRoute> match = router.http(method, PathSegments.of(path));
        return match == null ? Map.of("no", "match") : match.parameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "GET\r\n", "{"})
    void aMethodIsAToken(String method) {
        WebSocketServerBuilder builder = WebSocketServer.builder();
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.handle(method, "/", request -> HttpResponse.text(200, "")));
    }

    @Test
    void anInvalidSettingIsRefusedAtOnce() {
        WebSocketServerBuilder builder = WebSocketServer.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.subprotocols("two words"));
        assertThrows(IllegalArgumentException.class, () -> builder.origins("example.org"));
        assertThrows(IllegalArgumentException.class, () -> builder.maxBody(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.route("/a", NONE, route -> route.options(o -> o.withMaxMessageLength(-1))));
        builder.route("/a", NONE);
    }

    @Test
    void aRouteHasTheServersSettingsAlsoThoseThatAreSetLater() {
        Router router = WebSocketServer.builder()
                .extensions(Extensions.none())
                .route(
                        "/own",
                        NONE,
                        route -> route.options(o -> o.withCloseTimeout(Duration.ofMillis(o.maxMessageLength())))
                                .subprotocols("b"))
                .route("/plain", NONE)
                .post("/body", request -> HttpResponse.text(200, ""))
                .get("/none", request -> HttpResponse.text(200, ""))
                .options(o -> o.withMaxMessageLength(77))
                .subprotocols("a")
                .maxBody(5)
                .router(ServerState.of(() -> true));
        RouteValues own = values(router, "/own");
        assertEquals(Duration.ofMillis(77), own.options().closeTimeout());
        assertEquals(List.of("b"), own.subprotocols());
        assertEquals(List.of("a"), values(router, "/plain").subprotocols());
        assertEquals(5, http(router, "POST", "/body").maxBody());
        assertEquals(0, http(router, "GET", "/none").maxBody());
    }

    private static RouteValues values(Router router, String path) {
        return Objects.requireNonNull(router.upgrade(PathSegments.of(path)))
                .route()
                .values();
    }

    private static RouteValues http(Router router, String method, String path) {
        return Objects.requireNonNull(router.http(method, PathSegments.of(path)))
                .route()
                .values();
    }
}
