package dev.tenon.ws.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Forwarded} (RFC 7239 §4), in the form of the RFC and in that of known proxies, which often omit the
 * quotes around values with colons and brackets. It ignores the syntax of other parameters and never fails: an
 * ambiguous value counts as unknown.
 *
 * <p>Only quotes can hide the end of an element. A line with quotes at wrong places counts as one element without
 * values.
 */
final class ForwardedHeader {
    private static final String UNKNOWN = "unknown";

    /**
     * One element: what one proxy reports about the sender of the request. A field is null if the element does not have
     * it.
     */
    record Hop(
            @Nullable String node,
            @Nullable String proto,
            @Nullable String host) {
        static final Hop SILENT = new Hop(UNKNOWN, null, null);
    }

    private final String line;
    private int at;

    private ForwardedHeader(String line) {
        this.line = line;
    }

    /** All elements of a line, in order: the one nearest to the client first, the one nearest to this server last. */
    static List<Hop> hops(String line) {
        List<Hop> hops = new ArrayList<>();
        return new ForwardedHeader(line).readTo(hops) ? hops : List.of(Hop.SILENT);
    }

    /** Returns whether all quotes are where the grammar allows them. */
    private boolean readTo(List<Hop> hops) {
        while (at < line.length()) {
            Element element = new Element();
            do {
                if (!readParameter(element)) {
                    return false;
                }
            } while (skip(';'));
            if (at < line.length() && !skip(',')) {
                return false; // a quote
            }
            if (!element.empty) {
                hops.add(element.hop());
            }
        }
        return true;
    }

    /** Reads up to the next semicolon, comma or end; returns false at a quote out of place. */
    private boolean readParameter(Element element) {
        String name = run("=;,\"");
        if (name.isEmpty() && isEnd()) {
            return true;
        }
        element.empty = false;
        if (!skip('=')) {
            return isEnd();
        }
        while (at < line.length() && HttpSyntax.isSpace(line.charAt(at))) {
            at++;
        }
        String value = skip('"') ? quoted() : run(";,\"");
        if (value == null || !isEnd()) {
            return false;
        }
        element.put(name.toLowerCase(Locale.ROOT), value);
        return true;
    }

    private boolean isEnd() {
        return at == line.length() || line.charAt(at) == ';' || line.charAt(at) == ',';
    }

    private boolean skip(char c) {
        if (at < line.length() && line.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** The text before the next of the given characters, without spaces around it. */
    private String run(String ends) {
        int start = at;
        while (at < line.length() && ends.indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return HttpSyntax.trim(line, start, at);
    }

    /** RFC 9110 §5.6.4, behind the first quote, with the spaces behind the last; null if there is no last. */
    private @Nullable String quoted() {
        StringBuilder text = new StringBuilder();
        while (!skip('"')) {
            skip('\\');
            if (at == line.length()) {
                return null;
            }
            text.append(line.charAt(at++));
        }
        while (at < line.length() && HttpSyntax.isSpace(line.charAt(at))) {
            at++;
        }
        return text.toString();
    }

    /**
     * The parameters of one element. If a parameter occurs twice with different values, neither counts (RFC 7239 §4).
     */
    private static final class Element {
        private boolean empty = true;
        private @Nullable String node;
        private @Nullable String proto;
        private @Nullable String host;
        private boolean twoNodes;
        private boolean twoProtos;
        private boolean twoHosts;

        void put(String name, String value) {
            switch (name) {
                case "for" -> {
                    twoNodes |= node != null;
                    node = value;
                }
                case "proto" -> {
                    twoProtos |= proto != null;
                    proto = value;
                }
                case "host" -> {
                    twoHosts |= host != null;
                    host = value;
                }
                default -> {} // "by", and what is private
            }
        }

        Hop hop() {
            return new Hop(twoNodes ? UNKNOWN : node, twoProtos ? null : proto, twoHosts ? null : host);
        }
    }
}
