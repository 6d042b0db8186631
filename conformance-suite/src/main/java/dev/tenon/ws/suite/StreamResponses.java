package dev.tenon.ws.suite;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Responses in a stream that are unusual or wrong. For clients. */
sealed interface StreamResponses extends Opening {

    @Override
    default Optional<Opened> asClient(Wire wire, URI uri, Duration timeout) {
        throw new IllegalStateException("a case for clients");
    }

    @Override
    default Optional<Opened> asServer(Wire wire, Head request, Duration timeout)
            throws CaseFailure, IOException, InterruptedException {
        StreamLink stream = wire.stream();
        if (stream == null) {
            throw new IllegalStateException("a case for streams");
        }
        StreamHandshake.checkRequest(stream.head(), stream.rules());
        return respond(wire, stream, timeout);
    }

    /** Responds to a request that is right. */
    Optional<Opened> respond(Wire wire, StreamLink stream, Duration timeout)
            throws CaseFailure, IOException, InterruptedException;

    /** A response that a client has to take, behind others that it has to pass over. */
    record GoodResponse(List<List<Field>> heads) implements StreamResponses {
        @Override
        public Optional<Opened> respond(Wire wire, StreamLink stream, Duration timeout) throws IOException {
            for (List<Field> head : heads) {
                StreamHandshake.send(wire, stream, head, false);
            }
            return Optional.of(new Opened(null));
        }
    }

    /** A response that a client has to refuse: it ends the stream, and sends no frame. */
    record BadResponse(List<Field> head) implements StreamResponses {
        @Override
        public Optional<Opened> respond(Wire wire, StreamLink stream, Duration timeout)
                throws CaseFailure, IOException, InterruptedException {
            StreamHandshake.send(wire, stream, head, false);
            try {
                stream.write(wire.encode(WireFrame.text("are you there?")));
            } catch (IOException e) {
                wire.transcript.note("the peer takes no more: " + e.getMessage());
            }
            StreamLink.Event event = stream.next(timeout);
            if (event == null) {
                throw new CaseFailure("the client has not ended the stream within " + timeout.toMillis() + " ms");
            }
            if (event instanceof StreamLink.Event.Data data && data.bytes().length > 0) {
                throw new CaseFailure("the client takes it, and sends: " + Octets.dump(data.bytes()));
            }
            StreamOpening.end(wire, event);
            return CLOSED;
        }

        @Override
        public String expectation() {
            return "the end of the stream, without a frame";
        }
    }
}
