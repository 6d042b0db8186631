package dev.tenon.ws.server;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dates of HTTP (RFC 9110 §5.6.7). The value of {@code Date} has to come from a clock that can be set, so the server
 * bases no decision on it. Thread-safe.
 */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final List<DateTimeFormatter> FORMS = List.of(
            form(new DateTimeFormatterBuilder().appendPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'")),
            form(new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")),
            form(new DateTimeFormatterBuilder().appendPattern("EEE MMM ppd HH:mm:ss yyyy")));

    private static DateTimeFormatter form(DateTimeFormatterBuilder pattern) {
        return pattern.toFormatter(Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    private record Formatted(long second, String text) {}

    private static volatile Formatted newest = new Formatted(0, FORMAT.format(Instant.EPOCH));

    private HttpDate() {}

    /** The current date, formatted at most once a second. */
    static String now() {
        Instant now = Instant.now();
        Formatted last = newest;
        if (last.second() != now.getEpochSecond()) {
            last = new Formatted(now.getEpochSecond(), FORMAT.format(now));
            newest = last;
        }
        return last.text();
    }

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** The date, or the current one if it lies in the future, as RFC 9110 §8.8.2.1 demands of {@code Last-Modified}. */
    static String notLaterThanNow(Instant instant) {
        Instant now = Instant.now();
        return format(instant.isAfter(now) ? now : instant);
    }

    /** Parses a date in any of the three forms of RFC 9110 §5.6.7; returns null if it has none of them. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text != null) {
            for (DateTimeFormatter form : FORMS) {
                try {
                    return form.parse(text, Instant::from);
                } catch (DateTimeParseException another) {
                    // the next form may fit
                }
            }
        }
        return null;
    }
}
