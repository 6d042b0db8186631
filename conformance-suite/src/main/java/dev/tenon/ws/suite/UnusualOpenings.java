package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Opening handshakes with one unusual or invalid property. */
final class UnusualOpenings {
    private UnusualOpenings() {}

    /** A request that a server must refuse, with one of the statuses, if any are given. */
    record BadRequest(UnaryOperator<String> change, Set<Integer> statuses, String header) implements Opening {
        @Override
        public Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) throws CaseFailure, IOException {
            wire.sendHead(change.apply(Handshake.request(uri, Handshake.key(), "")));
            Head response = new Head(headUnlessReset(wire, timeout));
            Handshake.rule(response.status() != 101, "the server accepts it");
            if (response.status() == 0) {
                throw new CaseFailure(Verdict.NON_STRICT, "the server ends the connection without a response");
            }
            if (!statuses.isEmpty() && !statuses.contains(response.status())) {
                throw new CaseFailure(
                        Verdict.NON_STRICT, "refused with " + response.status() + " instead of " + statuses);
            }
            if (!header.isEmpty() && !response.text().contains(header)) {
                throw new CaseFailure(Verdict.NON_STRICT, "the response lacks '" + header + "'");
            }
            return CLOSED;
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout) {
            throw new IllegalStateException("a case for servers");
        }

        private static String headUnlessReset(Wire wire, Duration timeout) throws IOException {
            try {
                return wire.readHead(timeout);
            } catch (SocketException reset) { // instead of an end, if the server has left some of our bytes unread
                return "";
            }
        }

        @Override
        public String expectation() {
            return "a refusal" + (statuses.isEmpty() ? "" : " with " + statuses)
                    + (header.isEmpty() ? "" : " and '" + header + "'");
        }
    }

    /** A request that a server must accept, in writes of {@code chunkLength} bytes; if {@code lax}, 400 is only non-strict. */
    record GoodRequest(UnaryOperator<String> change, int chunkLength, boolean lax) implements Opening {
        @Override
        public Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) throws CaseFailure, IOException {
            String key = Handshake.key();
            wire.sendHead(change.apply(Handshake.request(uri, key, "")), chunkLength);
            Head response = new Head(wire.readHead(timeout));
            if (lax && response.status() == 400) {
                throw new CaseFailure(Verdict.NON_STRICT, "refused with 400 instead of declined");
            }
            Handshake.checkResponse(response, key);
            List<String> extensions = response.values("Sec-WebSocket-Extensions");
            Handshake.rule(extensions.isEmpty(), "the server has agreed on " + extensions);
            return Optional.of(new Opened(null));
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout) {
            throw new IllegalStateException("a case for servers");
        }

        @Override
        public String expectation() {
            return "status 101, no extensions";
        }
    }

    /** A response that a client must accept, in writes of {@code chunkLength} bytes. */
    record GoodResponse(UnaryOperator<String> change, int chunkLength) implements Opening {
        @Override
        public Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) {
            throw new IllegalStateException("a case for clients");
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout) throws CaseFailure, IOException {
            Handshake.checkRequest(request);
            wire.sendHead(change.apply(Handshake.response(request, "")), chunkLength);
            return Optional.of(new Opened(null));
        }
    }

    /** A response that a client must refuse by closing the connection without sending. */
    record BadResponse(UnaryOperator<String> change) implements Opening {
        @Override
        public Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) {
            throw new IllegalStateException("a case for clients");
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            wire.sendHead(change.apply(Handshake.response(request, "")));
            wire.startFrames();
            try {
                wire.send(wire.encode(WireFrame.text("are you there?")), Integer.MAX_VALUE);
            } catch (IOException e) {
                wire.transcript.note("the client accepts no more bytes: " + e.getMessage());
            }
            Arrival arrival = wire.next(timeout);
            if (arrival == null) {
                throw new CaseFailure("the client has not ended the connection within " + timeout.toMillis() + " ms");
            }
            if (arrival instanceof Arrival.Ended ended && ended.broken()) {
                throw new CaseFailure(ended.how());
            }
            if (arrival instanceof Arrival.SeenFrame frame) {
                wire.transcript.received(frame);
                throw new CaseFailure(
                        frame.opcode() == Opcodes.CLOSE ? Verdict.NON_STRICT : Verdict.FAILED,
                        "the client accepts it, and sends: " + frame.describe());
            }
            return CLOSED;
        }

        @Override
        public String expectation() {
            return "the end of the connection, without a frame";
        }
    }
}
