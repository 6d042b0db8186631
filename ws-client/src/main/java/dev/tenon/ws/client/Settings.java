package dev.tenon.ws.client;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.extension.Extensions;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What all connects of a client share. Immutable but for what it counts, and thread-safe.
 *
 * @param options limits and deadlines of connections
 * @param extensions what is offered
 * @param tls trust and keys, or null for the platform's
 * @param resolver finds addresses
 * @param executor runs what may block: the resolver and the handlers below
 * @param listenerExecutor where listeners are called, or null for on their loops
 * @param proxies chooses proxies, or null for none
 * @param cookies keeps cookies, or null for none
 * @param credentials answers challenges, or null to leave them to the caller
 * @param times deadlines
 * @param maxRedirects how many redirects are followed; 0 for none
 * @param pending all connects of this client that are under way take a turn here
 * @param logins what has been learnt about whom to send which credentials
 * @param ledger all that is open
 */
record Settings(
        ConnectionOptions options,
        Extensions extensions,
        @Nullable SSLContext tls,
        Resolver resolver,
        Executor executor,
        @Nullable Executor listenerExecutor,
        @Nullable ProxySelector proxies,
        @Nullable CookieHandler cookies,
        @Nullable Authenticator credentials,
        Times times,
        int maxRedirects,
        Turns<String> pending,
        Logins logins,
        Ledger ledger) {

    /**
     * Deadlines in nanoseconds.
     *
     * @param resolve for looking up a host
     * @param connect for a TCP connection to one of the addresses
     * @param handshake for all that follows: proxy, TLS and the opening handshake
     * @param stagger how long an address has before the next one is tried too
     */
    record Times(long resolve, long connect, long handshake, long stagger) {}

    long staggerNanos() {
        return times.stagger();
    }
}
