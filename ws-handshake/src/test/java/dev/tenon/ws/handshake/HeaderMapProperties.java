package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Requests that another host has parsed: they are accepted, or refused in the documented way. */
class HeaderMapProperties {
    private static final Headers GOOD = Headers.of(
            "Host", "a",
            "Upgrade", "websocket",
            "Connection", "Upgrade",
            "Sec-WebSocket-Key", Samples.KEY,
            "Sec-WebSocket-Version", "13",
            ":scheme", "https",
            ":protocol", "websocket");

    @Property
    void noHeaderMapMakesAHandshakeThrowAnythingElse(@ForAll("requests") HttpRequest request, @ForAll boolean secure) {
        String outcome;
        try {
            Agreement agreement = Samples.SERVER.accept(Samples.SERVER.check(request, secure, null));
            assertTrue(
                    agreement.upgrade().url().startsWith(secure ? "wss://" : "ws://"),
                    agreement.upgrade().url());
            outcome = "accepted";
        } catch (HandshakeException e) {
            assertTrue(e.toResponse().status() >= 400, "a refusal");
            outcome = "refused";
        }
        Statistics.collect(outcome);
    }

    @Provide
    Arbitrary<HttpRequest> requests() {
        Arbitrary<Boolean> http1 = Arbitraries.of(true, true, false);
        Arbitrary<String> targets = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just("/")),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "*",
                                "a:1",
                                "http://a/b",
                                "http:///",
                                "http://",
                                "://",
                                "//",
                                "/?x",
                                "?",
                                "[::1]:1",
                                "a")));
        return Combinators.combine(http1, targets, headers())
                .as((one, target, headers) -> new HttpRequest(
                        one ? "GET" : "CONNECT", target, one ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_3, headers));
    }

    private static Arbitrary<Headers> headers() {
        Arbitrary<String> names = Arbitraries.of(
                "Origin",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "Content-Length",
                "Transfer-Encoding",
                ":authority",
                "Host",
                "upgrade",
                "Sec-WebSocket-Key");
        Arbitrary<String> values = Arbitraries.of(
                "",
                "websocket",
                "Upgrade",
                Samples.KEY,
                "13",
                "://",
                "http://a",
                "https://a",
                "https://",
                "a",
                "x-test; level=",
                ",",
                "x-test;level=\"5\\\"",
                "x-test",
                "0",
                "chunked",
                "/",
                "*",
                "[",
                "]",
                "[::1]:",
                "http:///",
                "@");
        Arbitrary<List<Headers>> more = Combinators.combine(names, values)
                .as((name, value) -> Headers.of(name, value))
                .list()
                .ofMaxSize(2);
        Arbitrary<Set<String>> less =
                Arbitraries.of(GOOD.toMap().keySet()).set().ofMaxSize(1);
        return Combinators.combine(more, less).as((added, removed) -> {
            Headers.Builder builder = GOOD.toBuilder();
            removed.forEach(builder::remove);
            added.forEach(builder::addAll);
            return builder.build();
        });
    }
}
