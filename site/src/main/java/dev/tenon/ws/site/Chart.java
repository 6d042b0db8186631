package dev.tenon.ws.site;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Draws ratios as horizontal bars, as SVG that takes its colours and the size of its text from the style sheet. The length of
 * a bar is proportional to its ratio, up to a limit, at which the bar is cut off. The drawing is narrow, so that it can be
 * read on a phone.
 */
final class Chart {
    private static final int LABELS = 96;
    private static final int WIDTH = 440;
    private static final int BAR = 13;
    private static final int GAP = 9;
    private static final int LEGEND_LINE = 17;

    /** The ratio at which a bar is cut off, so that one long bar does not make all others too short to compare. */
    private static final double LIMIT = 10;

    /** How many series have a colour of their own. */
    static final int MOST_SERIES = 5;

    private final StringBuilder svg = new StringBuilder();
    private final double longest;
    private int y;

    private Chart(double longest) {
        this.longest = longest;
    }

    /**
     * Bars that belong together.
     *
     * @param label what they are about
     * @param values one for each series; none where it was not measured
     */
    record Group(String label, List<OptionalDouble> values) {}

    /** Draws the groups below each other; the legend names the series. */
    static String of(List<Group> groups, String title, List<String> series) {
        double longest = groups.stream()
                .flatMap(group -> group.values().stream())
                .mapToDouble(value -> value.orElse(0))
                .max()
                .orElse(1);
        Chart chart = new Chart(Math.min(LIMIT, Math.max(1, longest)));
        chart.legend(series);
        int top = chart.y;
        groups.forEach(chart::group);
        return chart.frame(title, top);
    }

    private void group(Group group) {
        if (group.values().stream().noneMatch(OptionalDouble::isPresent)) {
            return;
        }
        text(LABELS - 6, y + group.values().size() * BAR / 2 + 4, "end", group.label());
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
        boolean isCut = value > longest;
        double end = x(Math.min(value, longest));
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
                y + BAR - 3,
                "start",
                (isCut ? "… " : "") + String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value));
        y += BAR;
    }

    private double x(double value) {
        return LABELS + value / longest * (WIDTH - LABELS - 36);
    }

    private void text(int x, int line, String anchor, String words) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>".formatted(x, line, anchor, words));
    }

    private void legend(List<String> names) {
        int x = 0;
        for (int i = 0; i < names.size(); i++) {
            int width = 34 + 7 * names.get(i).length();
            if (x + width > WIDTH) {
                x = 0;
                y += LEGEND_LINE;
            }
            svg.append(
                    "<rect class=\"bar bar%d\" x=\"%d\" y=\"%d\" width=\"11\" height=\"11\"/>".formatted(i, x, y + 2));
            text(x + 15, y + 12, "start", names.get(i));
            x += width;
        }
        y += LEGEND_LINE + 8;
    }

    private String frame(String title, int top) {
        return "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        .formatted(WIDTH, y + 4, title)
                + svg
                + "<line x1=\"%1$d\" x2=\"%1$d\" y1=\"%2$d\" y2=\"%3$d\"/></svg>".formatted((int) x(1), top - 6, y);
    }
}
