package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The response to a plain HTTP request: a whole response, or a response without a body and the file that is its body. */
record Reply(HttpResponse response, @Nullable FileBody body) implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    /** Closes the file, if there is one. */
    @Override
    public void close() {
        close(body);
    }

    static void close(@Nullable FileBody body) {
        try {
            if (body != null) {
                body.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a file could not be closed", e);
        }
    }
}
