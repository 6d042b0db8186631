package dev.tenon.ws.connection;

import java.util.List;
import java.util.Optional;

/**
 * The request with which a connection was opened, as far as its transport has kept it. Read-only and thread-safe.
 */
public interface RequestInfo {
    /**
     * The path, as it was sent.
     *
     * @return {@code /} or more
     */
    String path();

    /**
     * The query, as it was sent.
     *
     * @return what follows the question mark, or empty if there is none
     */
    Optional<String> query();

    /**
     * The values of a header field, in order.
     *
     * @param name the name of the field, in any case
     * @return the values; none if the request had none, or if the transport does not keep header fields
     */
    List<String> header(String name);

    /**
     * A request of which no more than the address is known.
     *
     * @param url {@code ws://host/path?query} or {@code wss:…}
     * @return the request, without header fields
     */
    static RequestInfo of(String url) {
        int authority = url.indexOf("//");
        int path = authority < 0 ? -1 : url.indexOf('/', authority + 2);
        int query = url.indexOf('?');
        int end = query < 0 ? url.length() : query;
        String known = path < 0 || path >= end ? "/" : url.substring(path, end);
        return new Address(known, query < 0 ? Optional.empty() : Optional.of(url.substring(query + 1)));
    }

    /**
     * Path and query, without header fields.
     *
     * @param path the path
     * @param query the query, if there is one
     */
    record Address(String path, Optional<String> query) implements RequestInfo {
        @Override
        public List<String> header(String name) {
            return List.of();
        }

        /** The path only: the query may carry a token, and this ends up in logs. */
        @Override
        public String toString() {
            return query.isEmpty() ? path : path + "?…";
        }
    }
}
