package dev.tenon.ws.conformance.faults;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts the actions of a soak's clients. Thread-safe. */
final class SoakCounters {
    /** The actions of a client, and the events that it can see. Every soak has all of them except {@link #DROPPED}. */
    enum ClientAction {
        CONNECTION,
        TLS,
        DEFLATED,
        MESSAGE,
        PIECE,
        PING,
        CLIENT_CLOSE,
        SERVER_CLOSE,
        ABORT,
        RESET,
        SLOW_READER,
        VIOLATION,
        PUBLISHED,
        HEARD,
        /** A slow reader has missed messages. On a slow machine the buffers of the kernel may hold all of them. */
        DROPPED
    }

    private final LongAdder[] counts = new LongAdder[ClientAction.values().length];
    private final LongAdder bytes = new LongAdder();
    private final long begin = System.nanoTime();

    SoakCounters() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    private LongAdder of(ClientAction clientAction) {
        return counts[Arrays.asList(ClientAction.values()).indexOf(clientAction)];
    }

    void count(ClientAction clientAction) {
        of(clientAction).increment();
    }

    void compared(int length) {
        bytes.add(length);
    }

    void requireAll() throws IOException {
        for (ClientAction clientAction : ClientAction.values()) {
            if (clientAction != ClientAction.DROPPED && of(clientAction).sum() == 0) {
                throw new IOException("the soak was too short: no " + clientAction);
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append((System.nanoTime() - begin) / 1_000_000_000)
                .append(" s: ")
                .append(bytes.sum() >> 20)
                .append(" MiB compared");
        for (ClientAction clientAction : ClientAction.values()) {
            text.append(", ")
                    .append(clientAction)
                    .append(' ')
                    .append(of(clientAction).sum());
        }
        return text.toString();
    }
}
