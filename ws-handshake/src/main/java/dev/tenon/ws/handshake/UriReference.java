package dev.tenon.ws.handshake;

import java.util.ArrayDeque;
import java.util.Deque;

/** Resolves a reference without a fragment (RFC 3986 §5.2), and removes dot segments from a path. */
final class UriReference {
    private UriReference() {}

    /**
     * The absolute form of a reference, with its dot segments.
     *
     * @param scheme of the base, with its colon
     * @param authority of the base, with its two slashes
     * @param resource path and query of the base
     * @throws IllegalArgumentException if the reference has a scheme without two slashes behind it
     */
    static String resolve(String scheme, String authority, String resource, String reference) {
        int mark = queryStart(reference);
        String slashed = reference.substring(0, mark).replace('\\', '/') + reference.substring(mark);
        if (hasScheme(slashed)) {
            if (!slashed.startsWith("//", slashed.indexOf(':') + 1)) {
                throw WebSocketUriReader.malformed("two slashes must follow the scheme", slashed);
            }
            return slashed;
        }
        if (slashed.startsWith("//")) {
            return scheme + slashed;
        }
        String path = resource.substring(0, queryStart(resource));
        String target;
        if (slashed.isEmpty()) {
            target = resource;
        } else if (slashed.startsWith("/")) {
            target = slashed;
        } else if (slashed.startsWith("?")) {
            target = path + slashed;
        } else {
            target = path.substring(0, path.lastIndexOf('/') + 1) + slashed;
        }
        return scheme + authority + target;
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

    /** RFC 3986 §5.2.4, for a path that begins with a slash or is empty; encoded dots are dots (WHATWG URL §4.1). */
    static String withoutDots(String path) {
        if (path.isEmpty()) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i].replace("%2e", ".").replace("%2E", ".");
            boolean dots = segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!dots) {
                kept.addLast(segments[i]);
            }
            if (dots && i == segments.length - 1) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
