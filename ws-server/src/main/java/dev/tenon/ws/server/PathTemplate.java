package dev.tenon.ws.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The path of a route: literal segments, {@code {name}} for one segment, and at the end {@code {name...}} for all
 * segments that follow.
 *
 * @param text the template as it was written
 * @param segments its segments, in order
 */
record PathTemplate(String text, List<Segment> segments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** A part of a template between two slashes. */
    sealed interface Segment {}

    /** Matches an equal segment; both are decoded. */
    record Literal(String value) implements Segment {}

    /** Matches one segment that is not empty. */
    record Parameter(String name) implements Segment {}

    /** Matches all segments that are left, which may be none. */
    record Rest(String name) implements Segment {}

    PathTemplate {
        segments = List.copyOf(segments);
    }

    static PathTemplate parse(String text) {
        if (!text.startsWith("/")) {
            throw malformed(text, "it must begin with a slash");
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw malformed(text, "it cannot have a query or a fragment; queryParameter of the exchange reads a query");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String[] parts = text.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            Segment segment = segment(text, parts[i]);
            String name = segment instanceof Parameter parameter ? parameter.name() : "";
            if (segment instanceof Rest rest) {
                name = rest.name();
                if (i < parts.length - 1) {
                    throw malformed(text, "{" + name + "...} must be its last segment");
                }
            }
            if (!name.isEmpty() && !names.add(name)) {
                throw malformed(text, "it has two parameters with the name " + name);
            }
            segments.add(segment);
        }
        return new PathTemplate(text, segments);
    }

    private static Segment segment(String text, String part) {
        if (part.startsWith("{") && part.endsWith("}")) {
            boolean rest = part.endsWith("...}");
            String name = part.substring(1, part.length() - (rest ? 4 : 1));
            if (!NAME.matcher(name).matches()) {
                throw malformed(text, "a name consists of letters, digits and underscores, unlike \"" + name + "\"");
            }
            return rest ? new Rest(name) : new Parameter(name);
        }
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw malformed(text, "a parameter must be a whole segment, as in /rooms/{room}");
        }
        if (part.indexOf('*') >= 0) {
            throw malformed(text, "it cannot have an asterisk; {name} matches one segment, {name...} all that follow");
        }
        if (part.startsWith(":") || part.startsWith("<")) { // the syntax of other libraries
            throw malformed(text, "a parameter is written {name}, or {name...} for all segments that follow");
        }
        String literal = PercentDecoder.decode(part);
        if (literal == null || PathSegments.isForbidden(literal)) {
            throw malformed(text, "no request can have the segment \"" + part + "\"");
        }
        return new Literal(literal);
    }

    private static IllegalArgumentException malformed(String text, String rule) {
        return new IllegalArgumentException("\"" + text + "\" is not the path of a route: " + rule);
    }

    /** The names of its parameters, in order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment instanceof Parameter parameter) {
                names.add(parameter.name());
            } else if (segment instanceof Rest rest) {
                names.add(rest.name());
            }
        }
        return names;
    }
}
