package dev.tenon.ws.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections there may be, in all and from one address; an IPv6 address counts by its /64, loopback does not
 * count. Asked once when a connection comes and once when it goes. Thread-safe.
 */
final class Admission {
    /** How many that are too many may be told so at a time; more are closed without a word. */
    static final int MOST_TURNED_AWAY = 256;

    static final int UNLIMITED = Integer.MAX_VALUE;

    private final int most;
    private final int mostPerAddress;
    private final @Nullable Place uncounted;
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private int admitted;
    private int turnedAway;

    Admission(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.uncounted = most == UNLIMITED && mostPerAddress == UNLIMITED ? new Place(true) : null;
    }

    /** Takes a place for a connection, perhaps only to be told that there is none; null if not even for that. */
    synchronized @Nullable Place enter(@Nullable InetAddress address) {
        if (uncounted != null) {
            return uncounted;
        }
        Place place = new Place(false);
        if (admitted < most && place.claim(address)) {
            admitted++;
            place.admitted = true;
            return place;
        }
        if (turnedAway >= MOST_TURNED_AWAY) {
            return null;
        }
        turnedAway++;
        return place;
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

    /** The place of one connection, or the one place of all where nothing is limited; to be run when it closes. */
    final class Place implements Runnable {
        private boolean admitted;
        private boolean left;
        private @Nullable Object address;

        private Place(boolean uncounted) {
            admitted = uncounted;
            left = uncounted;
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
            synchronized (Admission.this) {
                int count = perAddress.getOrDefault(key, 0);
                if (address == null && !left && count < mostPerAddress) {
                    perAddress.put(key, count + 1);
                    address = key;
                }
                return address != null;
            }
        }

        /** The connection is gone; further calls do nothing. */
        @Override
        public void run() {
            synchronized (Admission.this) {
                if (left) {
                    return;
                }
                left = true;
                if (admitted) {
                    Admission.this.admitted--;
                } else {
                    turnedAway--;
                }
                if (address != null) {
                    perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
                    address = null;
                }
            }
        }
    }
}
