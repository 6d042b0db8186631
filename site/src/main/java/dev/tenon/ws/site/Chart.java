package dev.tenon.ws.site;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Draws ratios as horizontal bars on a logarithmic axis, as SVG that takes its colours from the style sheet. */
final class Chart {
    private static final int LABELS = 150;
    private static final int WIDTH = 760;
    private static final int BAR = 15;
    private static final int GAP = 12;
    private static final int HEAD = 34;
    private static final double LEAST = 0.5;
    private static final double MOST = 64;

    /** How many series have a colour of their own. */
    static final int MOST_SERIES = 5;

    private final StringBuilder svg = new StringBuilder();
    private int y = HEAD;

    private Chart() {}

    /**
     * Bars that belong together.
     *
     * @param label what they are about
     * @param values one for each series; none where it was not measured
     */
    record Group(String label, List<OptionalDouble> values) {}

    /** Draws the groups below each other; the legend names the series. */
    static String of(List<Group> groups, String title, List<String> series) {
        Chart chart = new Chart();
        groups.forEach(chart::group);
        return chart.frame(title, series);
    }

    private void group(Group group) {
        if (group.values().stream().noneMatch(OptionalDouble::isPresent)) {
            return;
        }
        text(LABELS - 8, y + group.values().size() * BAR / 2 + 5, "end", group.label());
        for (int i = 0; i < group.values().size(); i++) {
            if (group.values().get(i).isPresent()) {
                bar(i, group.values().get(i).getAsDouble());
            } else {
                y += BAR;
            }
        }
        y += GAP;
    }

    private void bar(int series, double value) {
        double end = x(value);
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"bar bar%d\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                series,
                LABELS,
                y,
                Math.max(1, end - LABELS),
                BAR - 2));
        text(
                (int) Math.max(end, LABELS) + 5,
                y + BAR - 4,
                "start",
                String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value));
        y += BAR;
    }

    private static double x(double value) {
        double part = Math.log(Math.max(LEAST, Math.min(value, MOST)) / LEAST) / Math.log(MOST / LEAST);
        return LABELS + part * (WIDTH - LABELS - 40);
    }

    private void text(int x, int line, String anchor, String words) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>".formatted(x, line, anchor, words));
    }

    private String frame(String title, List<String> names) {
        int one = (int) x(1);
        StringBuilder all =
                new StringBuilder("<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        .formatted(WIDTH, y + 4, title));
        all.append("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>".formatted(one, one, HEAD - 6, y));
        int x = LABELS;
        for (int i = 0; i < names.size(); i++) {
            all.append("<rect class=\"bar bar%d\" x=\"%d\" y=\"6\" width=\"12\" height=\"12\"/>".formatted(i, x))
                    .append("<text x=\"%d\" y=\"17\">%s</text>".formatted(x + 17, names.get(i)));
            x += 34 + 8 * names.get(i).length();
        }
        return all.append(svg).append("</svg>").toString();
    }
}
