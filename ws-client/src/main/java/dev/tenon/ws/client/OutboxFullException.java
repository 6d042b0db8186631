package dev.tenon.ws.client;

import java.io.IOException;

/** An {@link Outbox} has no room for a message, which was not accepted. */
public final class OutboxFullException extends IOException {
    private static final long serialVersionUID = 1L;

    OutboxFullException(String message) {
        super(message);
    }
}
