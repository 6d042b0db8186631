package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The cost of one way to deliver events: requests, and bytes in both directions. */
final class DeliveryCost {
    private long requests;
    private long received;
    private long sent;

    /** Counts the bytes of one connection. They count for the current request or its response. */
    static final class Tap implements WireTap {
        private @Nullable DeliveryCost cost;
        private boolean upgraded;
        private long waiting;

        /** Assigns the current request and its response to a cost counter. */
        void belongsTo(DeliveryCost owner, boolean isUpgrade) {
            cost = owner;
            upgraded = isUpgrade;
            owner.requests++;
            owner.received += waiting;
            waiting = 0;
        }

        @Override
        public void received(ByteBuffer bytes) {
            if (upgraded && cost != null) {
                cost.received += bytes.remaining();
            } else {
                waiting += bytes.remaining();
            }
        }

        @Override
        public void sent(ByteBuffer bytes) {
            if (cost != null) {
                cost.sent += bytes.remaining();
            }
        }
    }

    Json json() {
        return new Json().put("requests", requests).put("received", received).put("sent", sent);
    }
}
