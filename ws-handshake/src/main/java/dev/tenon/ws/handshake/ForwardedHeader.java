package dev.tenon.ws.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Forwarded} (RFC 7239 §4), as the RFC has it and as proxies write it: values with colons and brackets often go
 * without quotes. Parameters that nobody reads may look as they like, and nothing here fails: what can be understood in two
 * ways is unknown.
 *
 * <p>Only quotes can hide where an element ends. A line in which they do not stand where the grammar has them is a single
 * element that says nothing.
 */
final class ForwardedHeader {
    private static final String UNKNOWN = "unknown";

    /** One element: what one proxy says of whoever it was asked by. Null where it says nothing. */
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

    /** Returns whether all quotes stood at their places. */
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

    /** What stands before the next of some characters, without the spaces around it. */
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

    /** The parameters of one element; of two that contradict each other, neither counts (RFC 7239 §4). */
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
