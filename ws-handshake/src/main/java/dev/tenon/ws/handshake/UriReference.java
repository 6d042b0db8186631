package dev.tenon.ws.handshake;

import java.util.ArrayDeque;
import java.util.Deque;

/** How a reference is resolved (RFC 3986 §5.2), for references without a fragment. */
final class UriReference {
    private UriReference() {}

    /**
     * The absolute form of a reference.
     *
     * @param scheme of the base, with its colon
     * @param authority of the base, with its two slashes
     * @param resource path and query of the base
     */
    static String resolve(String scheme, String authority, String resource, String reference) {
        if (hasScheme(reference)) {
            return withoutDots(reference);
        }
        if (reference.startsWith("//")) {
            return withoutDots(scheme + reference);
        }
        String path = resource.substring(0, queryStart(resource));
        String target;
        if (reference.isEmpty()) {
            target = resource;
        } else if (reference.startsWith("/")) {
            target = reference;
        } else if (reference.startsWith("?")) {
            target = path + reference;
        } else {
            target = path.substring(0, path.lastIndexOf('/') + 1) + reference;
        }
        return withoutDots(scheme + authority + target);
    }

    private static boolean hasScheme(String reference) {
        int colon = reference.indexOf(':');
        if (colon < 1) {
            return false;
        }
        for (int i = 0; i < colon; i++) { // a colon behind a slash or a question mark ends no scheme
            char c = reference.charAt(i);
            if (!HttpSyntax.isTokenChar(c)) {
                return false;
            }
        }
        return true;
    }

    private static int queryStart(String text) {
        int mark = text.indexOf('?');
        return mark < 0 ? text.length() : mark;
    }

    /** RFC 3986 §5.2.4, for {@code scheme://authority/path?query}; anything else is left as it is. */
    private static String withoutDots(String absolute) {
        int authority = absolute.indexOf("://");
        int end = queryStart(absolute);
        int start = absolute.indexOf('/', authority + 3);
        if (authority < 0 || start < 0 || start > end || absolute.indexOf("/.", start) < 0) {
            return absolute;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = absolute.substring(start + 1, end).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..")) {
                kept.pollLast();
            } else if (!dots) {
                kept.addLast(segments[i]);
            }
            if (dots && i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return absolute.substring(0, start) + "/" + String.join("/", kept) + absolute.substring(end);
    }
}
