package dev.tenon.ws.server;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of {@code Date} (RFC 9110 §5.6.7). It has to come from a clock that can be set; the server decides nothing by
 * it. Thread-safe.
 */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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
}
