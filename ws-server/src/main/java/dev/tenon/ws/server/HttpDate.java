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
 * The value of {@code Date} (RFC 9110 §5.6.7). It has to come from a clock that can be set; the server decides nothing by
 * it. Thread-safe.
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

    /** The date now, made once a second. */
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

    /** A date in the past, or now: what is modified in the future would be so for every request (RFC 9110 §8.8.2.1). */
    static String notLaterThanNow(Instant instant) {
        Instant now = Instant.now();
        return format(instant.isAfter(now) ? now : instant);
    }

    /** Reads a date in any of the three forms of RFC 9110 §5.6.7; returns null if it is none. */
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
