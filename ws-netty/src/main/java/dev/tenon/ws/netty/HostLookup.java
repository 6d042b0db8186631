package dev.tenon.ws.netty;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the addresses of hosts on helper threads, because a look-up of the system blocks and cannot be interrupted. All
 * connects to the same host share one look-up, so that a name whose servers do not respond occupies one thread. A
 * literal address needs no look-up. Thread-safe.
 */
final class HostLookup {
    /** Finds the address of a name; may block. */
    interface Resolver {
        InetAddress resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private final HelperThreads threads;
    private final Map<String, CompletableFuture<InetAddress>> running = new ConcurrentHashMap<>();

    HostLookup(Resolver resolver, HelperThreads threads) {
        this.resolver = resolver;
        this.threads = threads;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the last step throws nothing
    CompletableFuture<InetAddress> find(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            try {
                return CompletableFuture.completedFuture(InetAddress.getByName(host));
            } catch (UnknownHostException e) { // a zone that does not exist
                return CompletableFuture.failedFuture(e);
            }
        }
        CompletableFuture<InetAddress> fresh = new CompletableFuture<>();
        CompletableFuture<InetAddress> earlier = running.putIfAbsent(host, fresh);
        if (earlier != null) {
            return earlier;
        }
        threads.call(() -> resolver.resolve(host)).whenComplete((address, failure) -> {
            running.remove(host, fresh);
            if (failure == null) {
                fresh.complete(address);
            } else {
                fresh.completeExceptionally(failure);
            }
        });
        return fresh;
    }
}
