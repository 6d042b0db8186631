package dev.tenon.ws.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The measured results, from a file of {@code benchmarks/results}, which is the only source of tables and charts. */
final class Results {
    private static final Pattern PLACE = Pattern.compile("<!-- results: ([a-z]+) -->");
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("tenon", "Tenon"),
            Map.entry("uws", "uWebSockets"),
            Map.entry("netty", "Netty"),
            Map.entry("netty-nio", "Netty (NIO)"),
            Map.entry("netty-epoll", "Netty (epoll)"),
            Map.entry("netty-jdk", "Netty"),
            Map.entry("netty-boring", "Netty (BoringSSL)"),
            Map.entry("beast", "Boost.Beast"),
            Map.entry("jetty", "Jetty"),
            Map.entry("undertow", "Undertow"),
            Map.entry("java-websocket", "Java-WebSocket"),
            Map.entry("raw-nio", "raw echo (NIO)"),
            Map.entry("raw-c", "raw echo (C)"));
    /** The servers in the chart of a page, the most important ones first, if they were measured. */
    private static final List<String> CHARTED =
            List.of("tenon", "uws", "beast", "netty-epoll", "netty", "netty-jdk", "netty-boring", "jetty");

    private final Map<?, ?> root;

    private Results(Map<?, ?> root) {
        this.root = root;
    }

    static Results read(Path file) throws IOException {
        if (JsonValue.parse(Files.readString(file)) instanceof Map<?, ?> root) {
            return new Results(root);
        }
        throw new IOException(file + " holds no object");
    }

    /** Replaces each comment that names a file of results by charts and tables of that file. */
    static String insertInto(String html, Path folder) throws IOException {
        Matcher place = PLACE.matcher(html);
        StringBuilder filled = new StringBuilder();
        while (place.find()) {
            Results results = read(folder.resolve(place.group(1) + ".json"));
            place.appendReplacement(filled, Matcher.quoteReplacement(results.chart(CHARTED) + results.table()));
        }
        return place.appendTail(filled).toString();
    }

    /** The servers, Tenon first, then in the order of the file. */
    private List<String> servers() {
        List<String> servers = new ArrayList<>();
        servers.add("tenon");
        for (Object server : (List<?>) JsonValue.member(root, "servers")) {
            if (!server.equals("tenon")) {
                servers.add(String.valueOf(server));
            }
        }
        return servers;
    }

    private List<Map<?, ?>> workloads() {
        List<Map<?, ?>> workloads = new ArrayList<>();
        for (Object workload : (List<?>) JsonValue.member(root, "workloads")) {
            workloads.add((Map<?, ?>) workload);
        }
        return workloads;
    }

    private String text(String name) {
        return String.valueOf(JsonValue.member(root, name));
    }

    private static String name(String server) {
        return NAMES.getOrDefault(server, server);
    }

    private static OptionalDouble figure(Map<?, ?> workload, String server, String name) {
        Map<?, ?> rows = (Map<?, ?>) JsonValue.member(workload, "rows");
        return rows.get(server) instanceof Map<?, ?> row && row.get(name) instanceof Number number
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** The base of a workload's bars: the reference, or the fastest if the reference was not measured. */
    private double base(Map<?, ?> workload) {
        return figure(workload, text("reference"), "cpuMicros")
                .orElseGet(() -> servers().stream()
                        .map(server -> figure(workload, server, "cpuMicros"))
                        .filter(OptionalDouble::isPresent)
                        .mapToDouble(OptionalDouble::getAsDouble)
                        .min()
                        .orElse(1));
    }

    /** Bars of some servers, as multiples of the reference; the reference has no bar. */
    String chart(List<String> shown) {
        List<String> bars = shown.stream()
                .filter(server -> servers().contains(server) && !server.equals(text("reference")))
                .limit(Chart.MOST_SERIES)
                .toList();
        List<Chart.Group> groups = new ArrayList<>();
        for (Map<?, ?> workload : workloads()) {
            double base = base(workload);
            groups.add(new Chart.Group(
                    String.valueOf(JsonValue.member(workload, "name")),
                    bars.stream()
                            .map(server -> ratio(figure(workload, server, "cpuMicros"), base))
                            .toList()));
        }
        String title = text("title") + ", as a multiple of " + name(text("reference"));
        return Chart.of(groups, title, bars.stream().map(Results::name).toList());
    }

    private static OptionalDouble ratio(OptionalDouble figure, double base) {
        return figure.isPresent() ? OptionalDouble.of(figure.getAsDouble() / base) : figure;
    }

    /** All figures, with the range of the rounds where there is one. */
    private String table() {
        Map<String, String> columns = new LinkedHashMap<>();
        servers().forEach(server -> columns.put(server, name(server)));
        StringBuilder html = new StringBuilder(
                "<div class=\"table\"><table><caption>%s. Taken on %s: %s, %s cores, %s.</caption><tr><th>Workload</th>"
                        .formatted(
                                escaped("unit"),
                                escaped("taken"),
                                escaped("system"),
                                escaped("cores"),
                                escaped("java")));
        columns.values()
                .forEach(name -> html.append("<th align=\"right\">")
                        .append(Template.escape(name))
                        .append("</th>"));
        html.append("</tr>");
        for (Map<?, ?> workload : workloads()) {
            html.append("<tr><td>%s: %s</td>"
                    .formatted(
                            Template.escape(String.valueOf(JsonValue.member(workload, "name"))),
                            Template.escape(String.valueOf(JsonValue.member(workload, "title")))));
            columns.keySet()
                    .forEach(server -> html.append("<td align=\"right\">")
                            .append(cell(workload, server))
                            .append("</td>"));
            html.append("</tr>");
        }
        return html.append("</table></div>").toString();
    }

    private String escaped(String name) {
        Object value = JsonValue.member(root, name);
        return Template.escape(
                value instanceof Number number ? String.valueOf(number.intValue()) : String.valueOf(value));
    }

    private static String cell(Map<?, ?> workload, String server) {
        OptionalDouble median = figure(workload, server, "cpuMicros");
        if (median.isEmpty()) {
            return "–";
        }
        OptionalDouble lowest = figure(workload, server, "lowest");
        OptionalDouble highest = figure(workload, server, "highest");
        String range = lowest.isPresent() && highest.isPresent()
                ? "<br><small>%s–%s</small>".formatted(micros(lowest.getAsDouble()), micros(highest.getAsDouble()))
                : "";
        return micros(median.getAsDouble()) + range;
    }

    private static String micros(double value) {
        return String.format(
                Locale.ROOT, value < 1 ? "%.3f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
