package dev.tenon.ws.site;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A table of a Markdown file.
 *
 * @param columns the cells of its head
 * @param rows the cells of each row
 */
record Table(List<String> columns, List<List<String>> rows) {
    /** The first table behind a heading. */
    static Table behind(String markdown, String heading) {
        List<List<String>> lines = new ArrayList<>();
        boolean isThere = false;
        for (String line : markdown.lines().toList()) {
            isThere |= line.matches("#+ +" + Pattern.quote(heading));
            if (isThere && line.startsWith("|")) {
                lines.add(cells(line));
            } else if (!lines.isEmpty()) {
                break;
            }
        }
        if (lines.size() < 3) {
            throw new IllegalArgumentException("no table behind the heading \"" + heading + "\"");
        }
        return new Table(lines.get(0), List.copyOf(lines.subList(2, lines.size())));
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
    }

    /** The place of a column by its name. */
    int column(String name) {
        int index = columns.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no column \"" + name + "\" in " + columns);
        }
        return index;
    }
}
