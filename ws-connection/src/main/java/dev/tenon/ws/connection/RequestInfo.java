package dev.tenon.ws.connection;

import java.util.Optional;

/**
 * The request with which a connection was opened. Immutable.
 *
 * @param path the path as it was sent; begins with a slash
 * @param query the query as it was sent, without the question mark; empty if there is none
 */
public record RequestInfo(String path, Optional<String> query) {
    /**
     * Reads path and query from the address of a connection.
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

    /** The path without the query, which may hold an access token, for logs. */
    @Override
    public String toString() {
        return query.isEmpty() ? path : path + "?…";
    }
}
