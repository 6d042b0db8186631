package dev.tenon.ws.client.jdk;

import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A client that is created when it is needed, and again after its event loop has failed. Thread-safe. */
final class DefaultClient {
    /** Creates the client. */
    interface Factory {
        WebSocketClient create() throws IOException;
    }

    private final Factory factory;
    private @Nullable WebSocketClient current;

    DefaultClient(Factory factory) {
        this.factory = factory;
    }

    /** Returns the client. A failure to create it is not kept: the next call tries again. */
    synchronized WebSocketClient get() {
        WebSocketClient client = current;
        if (client == null || !client.isHealthy()) { // the end of the loop has closed all that the client had
            client = create();
            current = client;
        }
        return client;
    }

    private WebSocketClient create() {
        try {
            return factory.create();
        } catch (IOException noSelector) {
            throw new UncheckedIOException(noSelector);
        }
    }
}
