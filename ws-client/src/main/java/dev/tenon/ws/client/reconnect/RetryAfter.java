package dev.tenon.ws.client.reconnect;

import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After}: how long a client should wait (RFC 9110 §10.2.3). */
public final class RetryAfter {
    /** The longest accepted time. */
    static final Duration MOST = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Pattern MORE_SECONDS = Pattern.compile("\\d+");

    private RetryAfter() {}

    /** Returns the time in a failed connect's response, in nanoseconds; 0 if there is none. */
    public static long nanos(@Nullable Throwable failure) {
        HttpResponse response = null;
        if (failure instanceof HandshakeException refusal) {
            response = refusal.response();
        } else if (failure instanceof ProxyException refusal) {
            response = refusal.response();
        }
        if (response == null || (response.status() != 503 && response.status() != 429)) {
            return 0;
        }
        Duration requested = requested(response);
        return requested.isNegative() ? 0 : (requested.compareTo(MOST) > 0 ? MOST : requested).toNanos();
    }

    private static Duration requested(HttpResponse response) {
        String value = response.headers().first("Retry-After");
        if (value == null) {
            return Duration.ZERO;
        }
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Integer.parseInt(value));
        }
        return MORE_SECONDS.matcher(value).matches()
                ? MOST
                : untilDate(value, response.headers().first("Date"));
    }

    /** Computes the difference from the server's own Date, because this end's clock may be wrong. */
    private static Duration untilDate(String then, @Nullable String now) {
        if (now == null) {
            return Duration.ZERO;
        }
        try {
            return Duration.between(date(now), date(then));
        } catch (DateTimeException | ArithmeticException noDate) {
            return Duration.ZERO;
        }
    }

    private static ZonedDateTime date(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
    }
}
