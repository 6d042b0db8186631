package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.RequestViolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path in a tree of segments. At every segment the router tries a literal before a parameter, and a
 * parameter before the rest of the path; the first way through the tree that ends at a route of the wanted kind is the
 * match. Thread-safe once all routes have been added.
 */
final class Router {
    /** A route that matches a path, and the decoded values of its parameters by name. */
    record Match<R>(R route, Map<String, String> parameters) {}

    /** A node of the tree: the routes of one path, and the nodes of longer paths. */
    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        @Nullable
        Node parameter;

        @Nullable
        Node rest;

        @Nullable
        UpgradeRoute upgrade;

        final Map<String, HttpRoute> methods = new LinkedHashMap<>();
    }

    private final Node root = new Node();
    private final List<RouteMeter> meters = new ArrayList<>();
    private final HttpRoute fallback;
    private final boolean hasFallback;

    /**
     * A router without routes.
     *
     * @param fallback responds where no route matches
     * @param hasFallback whether the application has set it
     */
    Router(HttpRoute fallback, boolean hasFallback) {
        this.fallback = fallback;
        this.hasFallback = hasFallback;
    }

    /** The meters of all routes, the fallback last. */
    List<RouteMeter> meters() {
        List<RouteMeter> all = new ArrayList<>(meters);
        all.add(fallback.meter());
        return all;
    }

    HttpRoute fallback() {
        return fallback;
    }

    boolean hasFallback() {
        return hasFallback;
    }

    void add(UpgradeRoute route) {
        Node node = node(route.template());
        if (node.upgrade != null) {
            throw ambiguous(route.template(), node.upgrade.template());
        }
        node.upgrade = route;
        meters.add(route.meter());
    }

    void add(String method, PathTemplate template, HttpRoute route) {
        HttpRoute other = node(template).methods.putIfAbsent(method, route);
        if (other != null && other.template() != null) {
            throw ambiguous(template, other.template());
        }
        meters.add(route.meter());
    }

    private static IllegalArgumentException ambiguous(PathTemplate template, PathTemplate other) {
        return new IllegalArgumentException("there is a route for \"" + other.text()
                + "\" already, which matches the same paths as \"" + template.text() + "\"");
    }

    private Node node(PathTemplate template) {
        Node node = root;
        for (PathTemplate.Segment segment : template.segments()) {
            if (segment instanceof PathTemplate.Literal literal) {
                node = node.literals.computeIfAbsent(literal.value(), value -> new Node());
            } else if (segment instanceof PathTemplate.Parameter) {
                node = node.parameter = node.parameter == null ? new Node() : node.parameter;
            } else {
                node = node.rest = node.rest == null ? new Node() : node.rest;
            }
        }
        return node;
    }

    /** The WebSocket route of a path, or null. */
    @Nullable
    Match<UpgradeRoute> upgrade(List<String> segments) {
        List<String> values = new ArrayList<>();
        Node node = find(root, segments, 0, values, candidate -> candidate.upgrade != null);
        UpgradeRoute route = node == null ? null : node.upgrade;
        return route == null ? null : new Match<>(route, named(route.template(), values));
    }

    /** The HTTP route of a method and a path, or null. HEAD is routed like GET, unless it has a route of its own. */
    @Nullable
    Match<HttpRoute> http(String method, List<String> segments) {
        Match<HttpRoute> match = exactly(method, segments);
        return match == null && method.equals("HEAD") ? exactly("GET", segments) : match;
    }

    private @Nullable Match<HttpRoute> exactly(String method, List<String> segments) {
        List<String> values = new ArrayList<>();
        Node node = find(root, segments, 0, values, candidate -> candidate.methods.containsKey(method));
        HttpRoute route = node == null ? null : node.methods.get(method);
        PathTemplate template = route == null ? null : route.template();
        return route == null || template == null ? null : new Match<>(route, named(template, values));
    }

    /** The methods that a path has routes for, HEAD and OPTIONS among them, or the empty string if there is none. */
    String allowed(List<String> segments) {
        TreeSet<String> methods = new TreeSet<>();
        find(root, segments, 0, new ArrayList<>(), candidate -> {
            methods.addAll(candidate.methods.keySet());
            return false;
        });
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return String.join(", ", methods);
    }

    private static @Nullable Node find(
            Node node, List<String> segments, int index, List<String> values, Predicate<Node> wanted) {
        if (index == segments.size()) {
            return wanted.test(node) ? node : null;
        }
        String segment = segments.get(index);
        int depth = values.size();
        Node next = node.literals.get(segment);
        Node found = next == null ? null : find(next, segments, index + 1, values, wanted);
        if (found == null && node.parameter != null && !segment.isEmpty()) {
            values.add(segment);
            found = find(node.parameter, segments, index + 1, values, wanted);
        }
        if (found == null && node.rest != null && wanted.test(node.rest)) {
            values.subList(depth, values.size()).clear();
            values.add(rest(segments.subList(index, segments.size())));
            return node.rest;
        }
        if (found == null) {
            values.subList(depth, values.size()).clear();
        }
        return found;
    }

    /** Joins segments; one that has a slash of its own would look like two, so it is refused. */
    private static String rest(List<String> segments) {
        if (segments.stream().anyMatch(segment -> segment.indexOf('/') >= 0)) {
            throw HandshakeException.refuse(RequestViolation.PATH_MALFORMED, "it has an encoded slash");
        }
        return String.join("/", segments);
    }

    private static Map<String, String> named(PathTemplate template, List<String> values) {
        Map<String, String> named = new LinkedHashMap<>();
        List<String> names = template.names();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), values.get(i));
        }
        return named;
    }
}
