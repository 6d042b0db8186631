package dev.tenon.ws.topics.nats;

import java.io.IOException;

/** A stream exists with other settings than this node has: only an operator or another version of the application can end that. */
final class OtherLimitsException extends IOException {
    private static final long serialVersionUID = 1;

    OtherLimitsException(String message) {
        super(message);
    }
}
