package dev.tenon.ws.suite;

import java.util.List;
import java.util.Locale;

/** Writes reports in the XML format of JUnit: a suite for each peer, a test for each case. */
final class JUnitXml {
    private JUnitXml() {}

    static String of(List<Report> reports) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        reports.forEach(report -> suite(xml, report));
        return xml.append("</testsuites>\n").toString();
    }

    private static void suite(StringBuilder xml, Report report) {
        long failures = report.red().size();
        long skipped = report.outcomes().stream().filter(JUnitXml::isSkipped).count();
        double seconds = report.outcomes().stream()
                .mapToDouble(outcome -> outcome.time().toNanos() / 1e9)
                .sum();
        xml.append("  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" time=\"%s\">\n"
                .formatted(Pages.escape(report.agent()), report.count(), failures, skipped, seconds(seconds)));
        report.outcomes().forEach(outcome -> test(xml, report, outcome));
        xml.append("  </testsuite>\n");
    }

    private static void test(StringBuilder xml, Report report, Outcome outcome) {
        TestCase testCase = outcome.testCase();
        xml.append("    <testcase classname=\"%s\" name=\"%s\" time=\"%s\""
                .formatted(
                        Pages.escape(report.agent() + ".chapter" + testCase.chapter()),
                        Pages.escape(testCase.id() + " " + testCase.title()),
                        seconds(outcome.time().toNanos() / 1e9)));
        String message = Pages.escape(outcome.verdict().word() + ": " + outcome.reason());
        if (outcome.verdict().isRed()) {
            xml.append("><failure type=\"%s\" message=\"%s\">%s</failure></testcase>\n"
                    .formatted(outcome.verdict().word(), message, Pages.escape(testCase.rule())));
        } else if (isSkipped(outcome)) {
            xml.append("><skipped message=\"%s\"/></testcase>\n".formatted(message));
        } else {
            xml.append("/>\n");
        }
    }

    private static boolean isSkipped(Outcome outcome) {
        return switch (outcome.verdict()) {
            case UNIMPLEMENTED, SKIPPED, EXCLUDED -> true;
            case OK, NON_STRICT, FAILED, INFORMATIONAL -> false;
        };
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }
}
