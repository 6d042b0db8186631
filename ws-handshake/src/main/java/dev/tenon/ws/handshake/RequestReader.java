package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads one request after the other: its head, and its body up to a limit. */
final class RequestReader {
    private final HttpHeadParser<HttpRequest> parser;
    private final EmptyLines emptyLines;
    private @Nullable HttpBodyReader body;
    private int bodyLimit;

    RequestReader(HeadLimits limits) {
        parser = HttpHeadParser.forRequests(limits);
        emptyLines = new EmptyLines(limits.maxLength());
    }

    /** Whether nothing of the next request has come yet. */
    boolean isBetweenRequests() {
        return parser.isBetweenHeads();
    }

    /** Reads a head, or a part of it. */
    @Nullable
    HttpRequest readHead(ByteBuffer input) {
        return emptyLines.skip(input, parser) ? parser.parse(input) : null;
    }

    /** Starts to read the body of the request whose head was read last. */
    void startBody(HttpRequest head, int limit) {
        body = HttpBodyReader.of(head, limit);
        bodyLimit = limit;
    }

    /** Reads the body, or a part of it; returns it once it is complete. */
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
