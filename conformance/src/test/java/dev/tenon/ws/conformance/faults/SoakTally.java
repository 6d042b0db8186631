package dev.tenon.ws.conformance.faults;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/** Counts the actions of a soak's clients. Thread-safe. */
final class SoakTally {
    /** The actions of a client, and the events that it can see. Every soak has all of them except {@link #DROPPED}. */
    enum Deed {
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

    private final LongAdder[] counts = new LongAdder[Deed.values().length];
    private final LongAdder bytes = new LongAdder();
    private final long begin = System.nanoTime();

    SoakTally() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    private LongAdder of(Deed deed) {
        return counts[Arrays.asList(Deed.values()).indexOf(deed)];
    }

    void count(Deed deed) {
        of(deed).increment();
    }

    void compared(int length) {
        bytes.add(length);
    }

    void requireAll() throws IOException {
        for (Deed deed : Deed.values()) {
            if (deed != Deed.DROPPED && of(deed).sum() == 0) {
                throw new IOException("the soak was too short: no " + deed);
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
        for (Deed deed : Deed.values()) {
            text.append(", ").append(deed).append(' ').append(of(deed).sum());
        }
        return text.toString();
    }
}
