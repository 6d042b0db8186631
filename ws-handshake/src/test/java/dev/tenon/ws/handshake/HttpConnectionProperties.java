package dev.tenon.ws.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The laws of {@link HttpConnection}. */
class HttpConnectionProperties {
    /** A request on the wire, and the status that it gets. */
    record Sample(String text, int status) {
        boolean isLast() {
            return status >= 400 || text.contains("close") || text.contains("HTTP/1.0");
        }
    }

    private static final List<Sample> GOOD = List.of(
            new Sample("GET /g HTTP/1.1\r\nHost: h\r\n\r\n", 200),
            new Sample("HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n", 200),
            new Sample("\r\nGET /e HTTP/1.1\r\nHost: h\r\n\r\n", 200),
            new Sample("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody", 200),
            new Sample("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody", 200),
            new Sample("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200),
            new Sample("GET /l HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", 200),
            new Sample("GET /0 HTTP/1.0\r\n\r\n", 200));

    /** Each differs from a valid one in one property. */
    private static final List<Sample> BAD = List.of(
            new Sample("GET  /g HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            new Sample("GET /g HTTP/2.0\r\nHost: h\r\n\r\n", 505),
            new Sample("GET /g HTTP/1.1\r\n\r\n", 400),
            new Sample("GET /g HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400),
            new Sample("GET /g HTTP/1.1\r\nHost : h\r\n\r\n", 400),
            new Sample("GET /g HTTP/1.1\nHost: h\r\n\r\n", 400),
            new Sample("G T /g HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            new Sample("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501),
            new Sample("GET /" + "g".repeat(8000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414),
            new Sample("GET /g HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(8192) + "\r\n\r\n", 431),
            new Sample("GET /g HTTP/1.1\r\nHost: h\r\n" + "X: x\r\n".repeat(100) + "\r\n", 431),
            new Sample("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 101\r\n\r\nbody", 413),
            new Sample("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\nbody", 400),
            new Sample("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nbody", 400),
            new Sample("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            new Sample("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
            new Sample("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", 400),
            new Sample("PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + "x".repeat(255), 413),
            new Sample("GET /0 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400));

    @Provide
    Arbitrary<Sample> samples() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(GOOD.subList(0, 6))),
                Tuple.of(1, Arbitraries.of(GOOD)),
                Tuple.of(1, Arbitraries.of(BAD)));
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3).list().ofMaxSize(200),
                        Arbitraries.integers().between(1, 400).list().ofMaxSize(30))
                .as((small, large) -> {
                    List<Integer> all = new ArrayList<>(small);
                    all.addAll(large);
                    return all;
                });
    }

    private static String text(List<Sample> samples) {
        StringBuilder text = new StringBuilder();
        samples.forEach(sample -> text.append(sample.text()));
        return text.toString();
    }

    private static void feed(HttpRig rig, String text, List<Integer> cuts) {
        int at = 0;
        for (int cut : cuts) {
            int end = Math.min(text.length(), at + cut);
            rig.receive(text.substring(at, end));
            at = end;
        }
        rig.receive(text.substring(at));
    }

    @Property
    void splittingInputAnywhereYieldsTheSameEventsAndResponses(
            @ForAll("samples") Sample first,
            @ForAll @Size(max = 6) List<@From("samples") Sample> more,
            @ForAll("cuts") List<Integer> cuts) {
        List<Sample> samples = new ArrayList<>(more);
        samples.add(0, first);
        HttpRig whole = new HttpRig().receive(text(samples));
        HttpRig split = new HttpRig();
        feed(split, text(samples), cuts);
        assertEquals(whole.log, split.log);
        assertEquals(whole.sent.toString(), split.sent.toString());
        assertEquals(0, split.unreadBytes());
    }

    /** Delayed responses, in any split of the requests, are sent in the order of the requests, one for each. */
    @Property
    void pipeliningKeepsOrder(
            @ForAll @Size(min = 1, max = 8) List<@From("samples") Sample> samples, @ForAll("cuts") List<Integer> cuts) {
        HttpRig sync = new HttpRig().receive(text(samples));
        HttpRig later = new HttpRig();
        List<HttpEvent.Request> waiting = new ArrayList<>();
        var response = later.handler;
        later.handler = request -> {
            waiting.add(request);
            return null;
        };
        feed(later, text(samples), cuts);
        while (!waiting.isEmpty()) {
            assertEquals(1, waiting.size(), "one at a time");
            later.respond(Objects.requireNonNull(response.apply(waiting.remove(0))));
        }
        assertEquals(sync.sent.toString(), later.sent.toString());
        assertEquals(sync.log, later.log);
    }

    @Property
    void everyRequestUpToTheLastHasItsStatus(@ForAll @Size(min = 1, max = 8) List<@From("samples") Sample> samples) {
        HttpRig rig = new HttpRig().receive(text(samples));
        List<Integer> expected = new ArrayList<>();
        for (Sample sample : samples) {
            expected.add(sample.status());
            if (sample.isLast()) {
                break;
            }
        }
        assertEquals(expected, statuses(rig));
        boolean ends = samples.stream().anyMatch(Sample::isLast);
        assertEquals(ends, rig.log.contains("EndOutput[]"));
    }

    private static List<Integer> statuses(HttpRig rig) {
        return Pattern.compile("HTTP/1\\.1 ([2-5]\\d\\d) ")
                .matcher(rig.sent)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }

    @Property
    void everyDefectIsRefusedWithItsOwnStatus(
            @ForAll @IntRange(max = 18) int index, @ForAll("cuts") List<Integer> cuts) {
        Sample bad = BAD.get(index);
        HttpRig rig = new HttpRig();
        feed(rig, bad.text(), cuts);
        assertEquals(List.of(bad.status()), statuses(rig));
        assertTrue(rig.log.contains("refused " + bad.status()), rig.log::toString);
        assertTrue(rig.sent.toString().contains("\r\nConnection: close\r\n"));
    }

    /** Any order of calls causes no exception and no output after the end, and due deadlines are handled. */
    @Property
    void anySequenceOfCallsKeepsTheGrammar(@ForAll @Size(max = 40) List<@IntRange(max = 40) Integer> calls) {
        HttpRig rig = new HttpRig();
        rig.handler = request -> null;
        rig.fast = false;
        long second = 0;
        for (int call : calls) {
            switch (call) {
                case 0, 1 -> rig.receive(GOOD.get(calls.size() % 6).text());
                case 2 -> rig.respond(HttpResponse.text(200, "x"));
                case 3, 4 -> rig.sentAll();
                case 5 -> rig.leave();
                case 6 -> rig.at(second += 1 + calls.size());
                case 7 -> rig.http.drain();
                case 8 -> rig.http.progressed(rig.now);
                default -> rig.receive("\r\n: /\u0000aG".substring(call % 8));
            }
        }
        assertTrue(rig.http.nextDeadline() - rig.now > 0, "a deadline that is past was forgotten");
        rig.receive("");
        int end = rig.log.indexOf("Close[abort=false]");
        int abort = rig.log.indexOf("Close[abort=true]");
        int close = Math.max(end, abort);
        assertTrue(
                close < 0 || rig.log.subList(close + 1, rig.log.size()).stream().allMatch("too late"::equals),
                rig.log::toString);
        assertTrue(rig.sent.toString().getBytes(ISO_8859_1).length < 40_000);
    }
}
