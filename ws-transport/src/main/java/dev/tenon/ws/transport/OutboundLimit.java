package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Limits the memory of bytes that wait for slow peers on one loop. If the limit is exceeded, it closes the links with
 * the most waiting bytes until half of the limit is free again.
 */
final class OutboundLimit {
    private static final RateLimitedLog CLOSED = new RateLimitedLog(LoopLog.LOG, Level.WARNING);

    private final LoopBuffers buffers;
    private final long limit;

    /** The limit of one loop: a quarter of the JVM's maximum memory, divided by the number of loops. */
    static long perLoop(int loops) {
        return Runtime.getRuntime().maxMemory() / 4 / loops;
    }

    OutboundLimit(LoopBuffers buffers, long limit) {
        this.buffers = buffers;
        this.limit = limit;
    }

    boolean isExceeded() {
        return buffers.charged() > limit;
    }

    /** Closes the links to the slowest peers first. */
    void enforce(List<SelectionKey> keys) {
        List<Link> slowest = keys.stream()
                .map(key -> key.attachment() instanceof NioSocket socket ? socket.link() : null)
                .filter(Objects::nonNull)
                .filter(link -> link.output.cost() > 0)
                .sorted(Comparator.<Link>comparingLong(link -> link.output.cost())
                        .reversed())
                .toList();
        for (Link link : slowest) {
            if (buffers.charged() <= limit / 2) {
                return;
            }
            String reason =
                    "the peer is too slow, and the waiting bytes of all connections take more than " + limit + " bytes";
            CLOSED.log(reason, null);
            link.close(new IOException(reason));
        }
    }
}
