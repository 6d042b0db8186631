package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.ServerHandshake;
import dev.tenon.ws.handshake.UpgradeRequest;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. Thread-safe. */
final class ServerCore {
    private final ServerHandshake handshake;
    private final Routes routes;
    private final HttpHandler http;
    private final ConnectionOptions options;
    private final HeadLimits headLimits;
    private final int maxHttpBody;
    private final long handshakeNanos;
    private volatile @Nullable Upgrade newestUpgrade;

    ServerCore(
            ServerHandshake handshake,
            Routes routes,
            HttpHandler http,
            ConnectionOptions options,
            HeadLimits headLimits,
            int maxHttpBody,
            long handshakeNanos) {
        this.handshake = handshake;
        this.routes = routes;
        this.http = http;
        this.options = options;
        this.headLimits = headLimits;
        this.maxHttpBody = maxHttpBody;
        this.handshakeNanos = handshakeNanos;
    }

    ServerHandshake handshake() {
        return handshake;
    }

    /** The first subprotocol of the client's list that this server supports, or the empty string. */
    String choose(UpgradeRequest request) {
        for (String offered : request.subprotocols()) {
            if (handshake.subprotocols().contains(offered)) {
                return offered;
            }
        }
        return "";
    }

    /** The same as the newest upgrade where it says the same, so that idle connections do not each keep their own. */
    Upgrade shared(Upgrade upgrade) {
        Upgrade newest = newestUpgrade;
        if (newest != null && newest.equals(upgrade)) {
            return newest;
        }
        newestUpgrade = upgrade;
        return upgrade;
    }

    Routes routes() {
        return routes;
    }

    HttpHandler http() {
        return http;
    }

    ConnectionOptions options() {
        return options;
    }

    HeadLimits headLimits() {
        return headLimits;
    }

    int maxHttpBody() {
        return maxHttpBody;
    }

    long handshakeNanos() {
        return handshakeNanos;
    }
}
