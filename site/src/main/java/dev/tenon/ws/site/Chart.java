package dev.tenon.ws.site;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Draws ratios as horizontal bars on a logarithmic axis, as SVG that takes its colours from the style sheet. */
final class Chart {
    private static final int LABELS = 150;
    private static final int WIDTH = 760;
    private static final int BAR = 15;
    private static final int GAP = 12;
    private static final int HEAD = 34;
    private static final double LEAST = 0.8;
    private static final double MOST = 64;

    private final StringBuilder svg = new StringBuilder();
    private int y = HEAD;

    private Chart() {}

    /**
     * Draws one group of bars for each row of a table.
     *
     * @param bars the columns to draw, by the name that the legend gives them
     */
    static String of(Table table, String title, Map<String, String> bars) {
        Chart chart = new Chart();
        for (List<String> row : table.rows()) {
            chart.group(table, row, bars);
        }
        return chart.frame(title, List.copyOf(bars.keySet()));
    }

    private void group(Table table, List<String> row, Map<String, String> bars) {
        List<OptionalDouble> values = bars.values().stream()
                .map(column -> number(row.get(table.column(column))))
                .toList();
        if (values.stream().anyMatch(OptionalDouble::isEmpty)) {
            return;
        }
        text(LABELS - 8, y + bars.size() * BAR / 2 + 5, "end", row.get(0).replaceFirst(":.*", ""));
        for (int i = 0; i < values.size(); i++) {
            bar(i, values.get(i).getAsDouble());
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
        text((int) end + 5, y + BAR - 4, "start", String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value));
        y += BAR;
    }

    private static double x(double value) {
        double part = Math.log(Math.min(value, MOST) / LEAST) / Math.log(MOST / LEAST);
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

    private static OptionalDouble number(String cell) {
        return cell.matches("[0-9.]+") ? OptionalDouble.of(Double.parseDouble(cell)) : OptionalDouble.empty();
    }
}
