package dev.tenon.ws.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many connections there are, in all and from one address. An IPv6 address counts by its /64; loopback
 * addresses are not limited. Each connection holds one {@link Permit} from its beginning to its end. Thread-safe.
 */
final class ConnectionLimiter {
    /** The most connections beyond the limit that are answered with 503 at a time; all others are closed at once. */
    static final int MOST_REJECTED = 256;

    static final int UNLIMITED = Integer.MAX_VALUE;

    private final int most;
    private final int mostPerAddress;
    private final @Nullable Permit uncounted;
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private int admitted;
    private int rejected;

    ConnectionLimiter(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.uncounted = most == UNLIMITED && mostPerAddress == UNLIMITED ? new Permit(true) : null;
    }

    /** A permit for a connection, one that only allows a 503 if the limit is reached, or null if it is to be closed. */
    synchronized @Nullable Permit acquire(@Nullable InetAddress address) {
        if (uncounted != null) {
            return uncounted;
        }
        Permit permit = new Permit(false);
        if (admitted < most && permit.claim(address)) {
            admitted++;
            permit.admitted = true;
            return permit;
        }
        if (rejected >= MOST_REJECTED) {
            return null;
        }
        rejected++;
        return permit;
    }

    /** How many addresses are remembered. */
    synchronized int addresses() {
        return perAddress.size();
    }

    private static Object counted(InetAddress address) {
        return address instanceof Inet4Address
                ? address
                : ByteBuffer.wrap(address.getAddress()).getLong();
    }

    /** The permit of one connection, or the shared one if nothing is limited. Running it gives it back. */
    final class Permit implements Runnable {
        private boolean admitted;
        private boolean released;
        private @Nullable Object address;

        private Permit(boolean uncounted) {
            admitted = uncounted;
            released = uncounted;
        }

        boolean isAdmitted() {
            return admitted;
        }

        /** Counts this connection for an address, at most once; returns whether it may go on. */
        boolean claim(@Nullable InetAddress claimed) {
            if (mostPerAddress == UNLIMITED || claimed == null || claimed.isLoopbackAddress()) {
                return true;
            }
            Object key = counted(claimed);
            synchronized (ConnectionLimiter.this) {
                int count = perAddress.getOrDefault(key, 0);
                if (address == null && !released && count < mostPerAddress) {
                    perAddress.put(key, count + 1);
                    address = key;
                }
                return address != null;
            }
        }

        /** Gives the permit back; further calls do nothing. */
        @Override
        public void run() {
            synchronized (ConnectionLimiter.this) {
                if (released) {
                    return;
                }
                released = true;
                if (admitted) {
                    ConnectionLimiter.this.admitted--;
                } else {
                    rejected--;
                }
                if (address != null) {
                    perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
                    address = null;
                }
            }
        }
    }
}
