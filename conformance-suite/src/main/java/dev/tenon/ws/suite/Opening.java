package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the connection of a case, in either role of the suite. */
interface Opening {

    /** The case ends with the opening. */
    Optional<Opened> CLOSED = Optional.empty();

    /** An open connection, with the negotiated parameters. */
    record Opened(@Nullable Deflate deflate) {}

    /** Opens a connection to a server. */
    Optional<Opened> asClient(Wire wire, URI uri, Duration timeout)
            throws CaseFailure, IOException, InterruptedException;

    /** Responds to a client's request. */
    Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
            throws CaseFailure, IOException, InterruptedException;

    /** The expected result, if it is not an open connection. */
    default String expectation() {
        return "";
    }

    /** A valid request or response, with permessage-deflate if there are parameters. */
    record Usual(@Nullable Deflate deflate) implements Opening {
        @Override
        public Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) throws CaseFailure, IOException {
            Head response = ask(wire, uri, deflate == null ? "" : deflate.element(), timeout);
            String extensions = String.join(", ", response.values("Sec-WebSocket-Extensions"));
            if (deflate == null) {
                Handshake.rule(
                        extensions.isEmpty(), "the response has an extension that was not offered: " + extensions);
                return Optional.of(new Opened(null));
            }
            if (extensions.isEmpty()) {
                throw new CaseFailure(Verdict.UNIMPLEMENTED, "the server declines " + deflate.element());
            }
            return Optional.of(new Opened(deflate.answeredBy(extensions)));
        }

        private static Head ask(Wire wire, URI uri, String extensions, Duration timeout)
                throws CaseFailure, IOException {
            StreamLink stream = wire.stream();
            if (stream != null) {
                return StreamHandshake.ask(wire, stream, StreamHandshake.request(uri, extensions), timeout);
            }
            String key = Handshake.key();
            wire.sendHead(Handshake.request(uri, key, extensions));
            Head response = new Head(wire.readHead(timeout));
            Handshake.checkResponse(response, key);
            return response;
        }

        @Override
        public Optional<Opened> asServer(Wire wire, Head request, Duration timeout) throws CaseFailure, IOException {
            StreamLink stream = wire.stream();
            if (stream != null) {
                StreamHandshake.checkRequest(stream.head(), stream.rules());
                Deflate agreed = deflate == null ? null : agree(request, deflate);
                Field[] extensions = agreed == null
                        ? new Field[0]
                        : new Field[] {new Field("sec-websocket-extensions", agreed.element())};
                StreamHandshake.accept(wire, stream, extensions);
                return Optional.of(new Opened(agreed));
            }
            Handshake.checkRequest(request);
            Deflate agreed = deflate == null ? null : agree(request, deflate);
            wire.sendHead(Handshake.response(request, agreed == null ? "" : agreed.element()));
            return Optional.of(new Opened(agreed));
        }

        private static Deflate agree(Head request, Deflate wanted) throws CaseFailure {
            String offer = Deflate.offerIn(request)
                    .orElseThrow(() ->
                            new CaseFailure(Verdict.UNIMPLEMENTED, "the client does not offer permessage-deflate"));
            return wanted.answering(offer)
                    .orElseThrow(() -> new CaseFailure(
                            Verdict.UNIMPLEMENTED, "the client's offer does not allow " + wanted.element()));
        }
    }
}
