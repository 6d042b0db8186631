package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Opens the stream of a case with an unusual or invalid request, or runs {@link StreamActions}. All but these actions are for servers only. */
sealed interface StreamOpening extends Opening {

    /** Opens the stream. */
    Optional<Opened> open(Wire wire, Http2Stream stream, List<Field> request, Duration timeout)
            throws CaseFailure, IOException, InterruptedException;

    @Override
    default Optional<Opened> asClient(Wire wire, URI uri, Duration timeout)
            throws CaseFailure, IOException, InterruptedException {
        Http2Stream stream = wire.stream();
        if (stream == null) {
            throw new IllegalStateException("a case for HTTP/2");
        }
        StreamHandshake.checkAnnouncement(stream);
        return open(wire, stream, StreamHandshake.request(uri, ""), timeout);
    }

    @Override
    default Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
            throws CaseFailure, IOException, InterruptedException {
        throw new IllegalStateException("a case for servers");
    }

    /** A request that a server must accept. */
    record GoodRequest(UnaryOperator<List<Field>> change) implements StreamOpening {
        @Override
        public Optional<Opened> open(Wire wire, Http2Stream stream, List<Field> request, Duration timeout)
                throws CaseFailure, IOException {
            Head response = StreamHandshake.ask(wire, stream, change.apply(request), timeout);
            List<String> extensions = response.values("Sec-WebSocket-Extensions");
            Handshake.rule(extensions.isEmpty(), "the server has agreed on " + extensions);
            return Optional.of(new Opened(null));
        }

        @Override
        public String expectation() {
            return "status 200, no extensions";
        }
    }

    /**
     * A request that a server must refuse. The answer to a malformed one may be a status or a stream error (RFC 9113
     * §8.1.1).
     *
     * @param statuses the expected statuses; any of 400 and above if there are none
     * @param malformed whether the rules of HTTP are broken, so that a reset is right too
     */
    record BadRequest(UnaryOperator<List<Field>> change, Set<Integer> statuses, boolean malformed)
            implements StreamOpening {
        @Override
        public Optional<Opened> open(Wire wire, Http2Stream stream, List<Field> request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            StreamHandshake.send(wire, stream, change.apply(request), false);
            Head response = new Head(wire.readHead(timeout));
            if (response.status() == 0) {
                reset(wire, stream, timeout);
            } else {
                Handshake.rule(response.status() / 100 != 2, "the server accepts it");
                if (!statuses.isEmpty() && !statuses.contains(response.status())) {
                    throw new CaseFailure(
                            Verdict.NON_STRICT, "refused with " + response.status() + " instead of " + statuses);
                }
            }
            return CLOSED;
        }

        private void reset(Wire wire, Http2Stream stream, Duration timeout) throws CaseFailure, IOException {
            String how = end(wire, stream.next(timeout));
            if (!malformed) {
                throw new CaseFailure(Verdict.NON_STRICT, "ends without a status: " + how);
            }
            Handshake.rule(
                    how.endsWith("PROTOCOL_ERROR"), "a malformed request ends with " + how + " (RFC 9113 §8.1.1)");
        }

        @Override
        public String expectation() {
            return "a refusal" + (statuses.isEmpty() ? "" : " with " + statuses)
                    + (malformed ? ", or a stream error PROTOCOL_ERROR" : "");
        }
    }

    /** The actions on a stream, in code. */
    record StreamActions(String expectation, Action action) implements StreamOpening {
        @Override
        public Optional<Opened> open(Wire wire, Http2Stream stream, List<Field> request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            action.run(new CaseStream(wire, stream, request, timeout));
            return CLOSED;
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            Http2Stream stream = wire.stream();
            if (stream == null) {
                throw new IllegalStateException("a case for HTTP/2");
            }
            return open(wire, stream, stream.head(), timeout);
        }
    }

    /** Runs a case. */
    interface Action {
        void run(CaseStream stream) throws CaseFailure, IOException, InterruptedException;
    }

    /** Describes how the stream or its connection has ended. */
    static String end(Wire wire, Http2Stream.@Nullable Event event) {
        String how = event instanceof Http2Stream.Event.Reset reset
                ? "RST_STREAM " + reset.error()
                : event instanceof Http2Stream.Event.Over over ? over.how() : "" + event;
        wire.transcript.note(how);
        return how;
    }

    static Set<Integer> statuses(Integer... statuses) {
        return new TreeSet<>(List.of(statuses));
    }
}
