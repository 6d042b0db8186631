package dev.tenon.ws.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of connections, in all and from one address. IPv6 addresses of the same /64 count as one; loopback
 * addresses are not limited. Each connection holds one {@link Permit} from its beginning to its end. Thread-safe;
 * without limits it takes no lock, which all loops would share.
 */
final class ConnectionLimiter {
    /** The most connections over the limit that wait for their 503 at a time; further ones are closed at once. */
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

    /**
     * Returns a permit, which is not admitted if the limit is reached, or null if the connection must be closed at
     * once.
     */
    @Nullable
    Permit acquire(@Nullable InetAddress address) {
        return uncounted != null ? uncounted : acquireCounted(address);
    }

    private synchronized @Nullable Permit acquireCounted(@Nullable InetAddress address) {
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

    /** The number of addresses that are counted. */
    synchronized int addresses() {
        return perAddress.size();
    }

    private static Object counted(InetAddress address) {
        return address instanceof Inet4Address
                ? address
                : ByteBuffer.wrap(address.getAddress()).getLong();
    }

    /** The permit of one connection, or the one of all connections if nothing is limited. Running it releases it. */
    final class Permit implements Runnable {
        private boolean admitted;
        private boolean released;
        private @Nullable Object address;

        private Permit(boolean admitted) {
            this.admitted = admitted;
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

        /** Releases the permit; further calls do nothing. */
        @Override
        public void run() {
            if (this == uncounted) {
                return;
            }
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
