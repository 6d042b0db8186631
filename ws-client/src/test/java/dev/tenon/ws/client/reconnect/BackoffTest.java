package dev.tenon.ws.client.reconnect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.Disconnect;
import dev.tenon.ws.client.ProxyException;
import dev.tenon.ws.client.ReconnectPolicy;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Delays, the number of disconnects in a row, when to give up, and the Retry-After of a response; time is a parameter.
 */
class BackoffTest {
    private static final ReconnectPolicy POLICY = ReconnectPolicy.DEFAULT
            .withDelays(Duration.ofNanos(100), Duration.ofNanos(1000))
            .withStableAfter(Duration.ofNanos(50))
            .withGivingUpAfter(Integer.MAX_VALUE, Duration.ofHours(1));

    private static List<Long> delays(Backoff backoff, int count) {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            backoff.countDisconnect(0);
            delays.add(backoff.delay(0, 0).getAsLong());
        }
        return delays;
    }

    @Test
    void theBoundDoublesUpToTheLongestDelay() {
        assertEquals(List.of(50L, 100L, 200L, 400L, 500L, 500L), delays(new Backoff(POLICY, () -> 0.5), 6));
        assertEquals(List.of(0L, 0L, 0L), delays(new Backoff(POLICY, () -> 0), 3));
    }

    @Test
    void manyDisconnectsOverflowNothing() {
        List<Long> delays = delays(new Backoff(POLICY, () -> 0.5), 200);
        assertEquals(500, delays.get(199));
        ReconnectPolicy century = POLICY.withDelays(Duration.ofNanos(1), Duration.ofDays(36_500))
                .withGivingUpAfter(Integer.MAX_VALUE, Duration.ofDays(100_000));
        assertEquals(
                Duration.ofDays(18_250).toNanos(),
                delays(new Backoff(century, () -> 0.5), 100).get(99));
    }

    /** Any duration is allowed in a policy: one that does not fit into nanoseconds means for ever. */
    @Test
    void aDurationTooLongForNanosecondsMeansForEver() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        Backoff backoff = new Backoff(
                ReconnectPolicy.DEFAULT
                        .withDelays(longest, longest)
                        .withStableAfter(longest)
                        .withGivingUpAfter(Integer.MAX_VALUE, longest),
                () -> 0.5);
        backoff.opened(0);
        assertEquals(1, backoff.countDisconnect(Long.MAX_VALUE / 4));
        assertEquals(OptionalLong.of(1L << 61), backoff.delay(Long.MAX_VALUE / 4, 0));
    }

    @Test
    void onlyAStableConnectionBeginsANewRow() {
        Backoff backoff = new Backoff(POLICY, () -> 0.5);
        assertEquals(1, backoff.countDisconnect(0));
        assertEquals(2, backoff.countDisconnect(10));
        backoff.opened(20);
        assertEquals(3, backoff.countDisconnect(69), "open for 49 ns");
        assertEquals(4, backoff.countDisconnect(200), "not open in between");
        backoff.opened(300);
        assertEquals(1, backoff.countDisconnect(350));
        assertEquals(OptionalLong.of(50), backoff.delay(350, 0));
    }

    @Test
    void itGivesUpAfterAMaximumOfFailuresOrALongOutage() {
        Backoff counted = new Backoff(POLICY.withGivingUpAfter(2, Duration.ofHours(1)), () -> 0.5);
        counted.countDisconnect(0);
        assertTrue(counted.delay(0, 0).isPresent());
        counted.countDisconnect(0);
        assertTrue(counted.delay(0, 0).isEmpty());

        Backoff timed = new Backoff(POLICY.withGivingUpAfter(99, Duration.ofNanos(1000)), () -> 0.5);
        long start = Long.MAX_VALUE - 200; // a clock that wraps around
        timed.countDisconnect(start);
        assertEquals(OptionalLong.of(50), timed.delay(start + 950, 0));
        assertTrue(timed.delay(start + 951, 0).isEmpty());
        assertTrue(timed.delay(start, 951).isEmpty(), "the server wants more time than there is");
        timed.opened(start + 5000);
        timed.countDisconnect(start + 5050);
        assertTrue(timed.delay(start + 5050, 0).isPresent(), "an outage of its own");
    }

    @Test
    void theServersRetryAfterIsAddedToTheDelay() {
        Backoff backoff = new Backoff(POLICY, () -> 0.5);
        backoff.countDisconnect(0);
        assertEquals(OptionalLong.of(7050), backoff.delay(0, 7000));
    }

    @ParameterizedTest
    @CsvSource({
        "503, 120, , 120",
        "429, 0, , 0",
        "503, 999999999, , 86400",
        "503, 99999999999999999999, , 86400",
        "503, -5, , 0",
        "503, soon, 'Sun, 06 Nov 1994 08:49:37 GMT', 0",
        "503, 'Sun, 06 Nov 1994 08:50:07 GMT', 'Sun, 06 Nov 1994 08:49:37 GMT', 30",
        "503, 'Sun, 06 Nov 1994 08:49:00 GMT', 'Sun, 06 Nov 1994 08:49:37 GMT', 0",
        "503, 'Sun, 06 Nov 1994 08:50:07 GMT', yesterday, 0",
        "503, 'Sun, 06 Nov 1994 08:50:07 GMT', , 0",
        "500, 120, , 0",
        "301, 120, , 0"
    })
    void retryAfterCountsWhereItMeansSomething(int status, String value, @Nullable String date, long seconds) {
        Headers.Builder headers = Headers.empty().toBuilder().add("Retry-After", value);
        if (date != null) {
            headers.add("Date", date);
        }
        HttpResponse response = HttpResponse.of(status, headers.build());
        long nanos = Duration.ofSeconds(seconds).toNanos();
        assertEquals(nanos, RetryAfter.nanos(new HandshakeException("refused", response)));
        assertEquals(nanos, RetryAfter.nanos(new ProxyException("refused", response)));
    }

    @Test
    void withoutAResponseThereIsNoRetryAfter() {
        assertEquals(0, RetryAfter.nanos(null));
        assertEquals(0, RetryAfter.nanos(new IOException()));
        assertEquals(0, RetryAfter.nanos(new HandshakeException("none", HttpResponse.of(503, Headers.empty()))));
    }

    private static boolean ended(int code, @Nullable Throwable cause) {
        return new Disconnect(new CloseEvent(new CloseCode(code), "", true, cause), cause, 1).isTransient();
    }

    private static boolean failed(Throwable cause) {
        return new Disconnect(null, cause, 1).isTransient();
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1005, 1006, 1011, 1012, 1013, 1014})
    void endsThatMayPassAreTransient(int code) {
        assertTrue(ended(code, null));
        assertTrue(ended(code, new IOException()));
        assertFalse(ended(code, new IllegalStateException()), "a listener of this end has thrown");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1002, 1003, 1007, 1008, 1009, 1010, 3000, 4001})
    void endsOnPurposeAndViolationsAreNot(int code) {
        assertFalse(ended(code, null));
        assertFalse(ended(
                code,
                ExtensionViolation.of("x.wrong", new CloseCode(code), "wrong").toException()));
    }

    @ParameterizedTest
    @CsvSource({
        "101, false",
        "200, false",
        "302, false",
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "408, true",
        "425, true",
        "426, false",
        "429, true",
        "500, true",
        "502, true",
        "503, true",
        "504, true"
    })
    void aResponseIsVerifiedByItsStatus(int status, boolean passes) {
        HttpResponse response = HttpResponse.of(status, Headers.empty());
        assertEquals(passes, failed(new HandshakeException("refused", response)));
        assertEquals(passes, failed(new ProxyException("refused", response)));
    }

    @Test
    void networkFailuresAreTransientAndTrustFailuresAreNot() {
        for (IOException passing : List.of(
                new ConnectException(),
                new UnknownHostException(),
                new SocketTimeoutException(),
                new IOException(),
                new ProxyException("no response", null))) {
            assertTrue(failed(passing), passing.toString());
        }
        HandshakeException cut = new HandshakeException("the server closed the connection without a response", null);
        cut.initCause(new EOFException());
        assertTrue(failed(cut));
        assertFalse(failed(new HandshakeException("not HTTP", null)));
        assertFalse(failed(new SSLHandshakeException("not trusted")));
        assertFalse(failed(new IllegalStateException()));
    }

    @Test
    void aPolicyWithoutGivingUpHasNoEnd() {
        Backoff backoff = new Backoff(ReconnectPolicy.DEFAULT.withoutGivingUp(), () -> 0.5);
        for (int season = 0; season < 500; season++) {
            long now = Duration.ofDays(90).toNanos() * season;
            backoff.countDisconnect(now);
            assertTrue(backoff.delay(now, 0).isPresent(), "after " + season / 4 + " years");
        }
    }

    @Test
    void aPolicyThatMakesNoSenseIsRefused() {
        Duration second = Duration.ofSeconds(1);
        for (Runnable wrong : List.<Runnable>of(
                () -> POLICY.withDelays(Duration.ZERO, second),
                () -> POLICY.withDelays(second, Duration.ofMillis(999)),
                () -> POLICY.withStableAfter(second.negated()),
                () -> POLICY.withGivingUpAfter(0, second),
                () -> POLICY.withGivingUpAfter(1, second.negated()))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }
}
