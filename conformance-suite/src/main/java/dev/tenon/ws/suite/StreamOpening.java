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

/** Opens the stream of a case with an unusual or invalid request, or runs {@link Actions}. All but these actions are for servers only. */
sealed interface StreamOpening extends Opening {

    /** Opens the stream. */
    Optional<Opened> open(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
            throws CaseFailure, IOException, InterruptedException;

    @Override
    default Optional<Opened> asClient(Wire wire, URI uri, Duration timeout)
            throws CaseFailure, IOException, InterruptedException {
        StreamLink stream = wire.stream();
        if (stream == null) {
            throw new IllegalStateException("a case for streams");
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
        public Optional<Opened> open(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
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
     * A request that a server must refuse. The response to a malformed one may be a status or a stream error (RFC 9113
     * §8.1.1, RFC 9114 §4.1.2).
     *
     * @param statuses the expected statuses; any of 400 and above if there are none
     * @param malformed whether the rules of HTTP are broken, so that a reset is right too
     */
    record BadRequest(UnaryOperator<List<Field>> change, Set<Integer> statuses, boolean malformed)
            implements StreamOpening {
        @Override
        public Optional<Opened> open(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
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

        private void reset(Wire wire, StreamLink stream, Duration timeout) throws CaseFailure, IOException {
            String how = end(wire, stream.next(timeout));
            if (!malformed) {
                throw new CaseFailure(Verdict.NON_STRICT, "ends without a status: " + how);
            }
            Handshake.rule(
                    how.endsWith(stream.rules().error()),
                    "a malformed request ends with " + how + " ("
                            + stream.rules().malformed() + ")");
        }

        @Override
        public String expectation() {
            return "a refusal" + (statuses.isEmpty() ? "" : " with " + statuses)
                    + (malformed ? ", or a stream error" : "");
        }
    }

    /** What happens on a stream, in code, in either role. */
    sealed interface Actions extends StreamOpening {
        @Override
        default Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            StreamLink stream = wire.stream();
            if (stream == null) {
                throw new IllegalStateException("a case for streams");
            }
            return open(wire, stream, stream.head(), timeout);
        }
    }

    /** The actions on a stream of HTTP/2. */
    record StreamActions(String expectation, Action<? super Http2CaseStream> action) implements Actions {
        @Override
        public Optional<Opened> open(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            if (!(stream instanceof Http2Stream http2)) {
                throw new IllegalStateException("a case for HTTP/2");
            }
            action.run(new Http2CaseStream(wire, http2, request, timeout));
            return CLOSED;
        }
    }

    /** The actions on a stream of HTTP/3. */
    record Http3StreamActions(String expectation, Action<? super Http3CaseStream> action) implements Actions {
        @Override
        public Optional<Opened> open(Wire wire, StreamLink stream, List<Field> request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            if (!(stream instanceof Http3Stream http3)) {
                throw new IllegalStateException("a case for HTTP/3");
            }
            action.run(new Http3CaseStream(wire, http3, request, timeout));
            return CLOSED;
        }
    }

    /**
     * Runs a case.
     *
     * @param <S> the stream of a version of HTTP
     */
    interface Action<S extends CaseStream> {
        void run(S stream) throws CaseFailure, IOException, InterruptedException;
    }

    /** Describes how the stream or its connection has ended. */
    static String end(Wire wire, StreamLink.@Nullable Event event) {
        String how = event instanceof StreamLink.Event.Reset reset
                ? reset.how()
                : event instanceof StreamLink.Event.Over over ? over.how() : "" + event;
        wire.transcript.note(how);
        return how;
    }

    static Set<Integer> statuses(Integer... statuses) {
        return new TreeSet<>(List.of(statuses));
    }
}
