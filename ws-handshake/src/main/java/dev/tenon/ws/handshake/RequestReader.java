package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads requests, each with its head and its body up to a limit. */
final class RequestReader {
    private final HttpHeadParser<HttpRequest> parser;
    private final EmptyLines emptyLines;
    private @Nullable HttpBodyReader body;
    private int bodyLimit;

    RequestReader(HeadLimits limits) {
        parser = HttpHeadParser.forRequests(limits);
        emptyLines = new EmptyLines(limits.maxLength());
    }

    /** Whether the next request has not begun. */
    boolean isBetweenRequests() {
        return parser.isBetweenHeads();
    }

    /** Reads a head; null if it is not complete. */
    @Nullable
    HttpRequest readHead(ByteBuffer input) {
        return emptyLines.skip(input, parser) ? parser.parse(input) : null;
    }

    /** Starts to read the body of the last request. */
    void startBody(HttpRequest head, int limit) {
        body = HttpBodyReader.of(head, limit);
        bodyLimit = limit;
    }

    /** Reads the body; null if it is not complete. */
    @Nullable
    ByteBuffer readBody(ByteBuffer input) {
        HttpBodyReader reader = body;
        if (reader == null || !reader.read(input)) {
            return null;
        }
        body = null;
        if (reader.isTruncated()) {
            throw DeclaredBody.tooLong(bodyLimit);
        }
        return reader.body();
    }
}
