package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.transport.Transport;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Sends a file on a connection, a piece at a time. Belongs to the connection's event loop. */
final class FileSender {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");

    private final Transport transport;
    private final HttpConnection http;
    private final Runnable pump;
    private @Nullable FileBody current;
    private Executor executor = Runnable::run;

    /** @param pump handles the events of the connection */
    FileSender(Transport transport, HttpConnection http, Runnable pump) {
        this.transport = transport;
        this.http = http;
        this.pump = pump;
    }

    /** Sends the head. The connection asks for the body by an event; if it wants none, this closes the file. */
    void send(Reply reply, FileBody file, Executor readsOn) {
        executor = readsOn;
        current = file;
        boolean sent = false;
        try {
            long length = file.remaining();
            sent = http.startBody(reply.response(), length, transport.nanoTime());
        } finally {
            if (!sent || !http.isStreaming()) {
                close();
            }
        }
    }

    /** Reads the next piece. */
    void next() {
        FileBody file = current;
        if (file != null) {
            new ExchangeCall<>(
                            transport,
                            executor,
                            () -> CompletableFuture.completedStage(file.read()),
                            (piece, failure) -> arrived(file, piece, failure))
                    .run();
        }
    }

    private void arrived(FileBody file, @Nullable ByteBuffer piece, @Nullable Throwable failure) {
        if (file != current) { // the connection has ended meanwhile
            return;
        }
        if (piece == null || !http.sendBody(piece, transport.nanoTime())) {
            LOG.log(Level.DEBUG, "a file could not be sent to its end", failure);
            http.abortBody();
        }
        if (!http.isStreaming()) {
            close();
        }
        pump.run();
    }

    /** Closes the file that is being sent, if there is one. */
    void close() {
        Reply.close(current);
        current = null;
    }
}
