package dev.tenon.ws.conformance.violations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The difference between a good head and a broken one, for a table. */
final class HeadText {
    /** A letter or a short text that is repeated twenty times or more. */
    private static final Pattern REPEATED = Pattern.compile("(.{1,6}?)\\1{19,}", Pattern.DOTALL);

    private HeadText() {}

    /** Returns the lines that only the broken head has; if there are none, the lines that it lacks. */
    static String difference(String good, String broken) {
        List<String> added = lines(broken, good);
        return added.isEmpty() ? "without " + shown(lines(good, broken)) : shown(added);
    }

    private static List<String> lines(String head, String without) {
        List<String> lines = new ArrayList<>(Arrays.asList(head.split("\r\n", -1)));
        for (String line : without.split("\r\n", -1)) {
            lines.remove(line);
        }
        return lines;
    }

    /** Formats each line as code; equal neighbours appear once, with their number. */
    private static String shown(List<String> lines) {
        List<String> shown = new ArrayList<>();
        for (int at = 0; at < lines.size(); ) {
            int times = 1;
            while (at + times < lines.size() && lines.get(at + times).equals(lines.get(at))) {
                times++;
            }
            String line = lines.get(at).isEmpty() ? "`\\r\\n`" : "`" + escape(lines.get(at)) + "`";
            shown.add(times == 1 ? line : line + "*" + times);
            at += times;
        }
        return String.join(", ", shown);
    }

    private static String escape(String line) {
        String shorter = REPEATED.matcher(line).replaceAll(HeadText::times);
        return shorter.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }

    private static String times(MatchResult found) {
        String piece = found.group(1);
        return Matcher.quoteReplacement(piece + "*" + found.group().length() / piece.length());
    }
}
