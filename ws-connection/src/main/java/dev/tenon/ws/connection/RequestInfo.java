package dev.tenon.ws.connection;

import java.util.Optional;

/**
 * The request that opened a connection. Immutable.
 *
 * @param path the path as it was sent; begins with a slash
 * @param query the query as it was sent, without the question mark; empty if there is none
 */
public record RequestInfo(String path, Optional<String> query) {
    /**
     * Returns the path and query of a connection's URL.
     *
     * @param url {@code ws://host/path?query} or {@code wss:…}
     * @return the request
     */
    public static RequestInfo of(String url) {
        int authority = url.indexOf("//");
        int path = authority < 0 ? -1 : url.indexOf('/', authority + 2);
        int query = url.indexOf('?');
        int end = query < 0 ? url.length() : query;
        String known = path < 0 || path >= end ? "/" : url.substring(path, end);
        return new RequestInfo(known, query < 0 ? Optional.empty() : Optional.of(url.substring(query + 1)));
    }

    /** Returns the path without the content of the query, for logs: the query may contain an access token. */
    @Override
    public String toString() {
        return query.isEmpty() ? path : path + "?…";
    }
}
