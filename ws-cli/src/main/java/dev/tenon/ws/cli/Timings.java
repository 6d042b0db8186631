package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The time at which each step of a connect has ended. If a step is repeated, for a redirect or a challenge, its last
 * time counts. Thread-safe.
 */
final class Timings implements WireTap {
    private enum Step {
        LOOK_UP("lookUp"),
        CONNECT("connect"),
        TLS("tls"),
        REQUEST("request"),
        RESPONSE("response"),
        OPEN("open");

        private final String word;

        Step(String word) {
            this.word = word;
        }
    }

    private final long begin = System.nanoTime();
    private final Map<Step, Long> ends = new EnumMap<>(Step.class);
    private @Nullable String protocol;

    private synchronized void end(Step step) {
        ends.put(step, System.nanoTime() - begin);
    }

    /** The look-up has ended; the connect to an address begins. */
    void lookedUp() {
        end(Step.LOOK_UP);
    }

    /** The TCP connection is open, and the TLS handshake begins. */
    void connected() {
        end(Step.CONNECT);
    }

    /** The TLS handshake has ended. */
    synchronized void secured(SSLSession session) {
        end(Step.TLS);
        protocol = session.getProtocol() + ", " + session.getCipherSuite();
    }

    /** The first bytes of a request are sent; without TLS, the TCP connection is open at this time. */
    @Override
    public synchronized void sent(ByteBuffer bytes) {
        if (!ends.containsKey(Step.OPEN)) {
            if (!ends.containsKey(Step.CONNECT)) {
                end(Step.CONNECT);
            }
            end(Step.REQUEST);
        }
    }

    @Override
    public synchronized void received(ByteBuffer bytes) {
        if (!ends.containsKey(Step.OPEN)) {
            end(Step.RESPONSE);
        }
    }

    /** The connection is open. */
    void opened() {
        end(Step.OPEN);
    }

    /** The TLS session, or null. */
    synchronized @Nullable String protocol() {
        return protocol;
    }

    /** The time from the beginning to the end of each step that has run, in milliseconds, in order. */
    synchronized Map<String, Double> millis() {
        Map<String, Double> millis = new LinkedHashMap<>();
        ends.forEach((step, nanos) -> millis.put(step.word, nanos / 1e6));
        return millis;
    }

    /** One line with the duration of each step and of all. */
    synchronized String line() {
        StringBuilder line = new StringBuilder("took");
        long before = 0;
        for (Map.Entry<Step, Long> step : ends.entrySet()) {
            if (step.getKey() != Step.OPEN) {
                line.append(String.format(
                        Locale.ROOT, " %s %.1f ms,", words(step.getKey()), (step.getValue() - before) / 1e6));
                before = step.getValue();
            }
        }
        return line.append(String.format(Locale.ROOT, " in all %.1f ms", ends.getOrDefault(Step.OPEN, before) / 1e6))
                .toString();
    }

    private static String words(Step step) {
        return switch (step) {
            case LOOK_UP -> "look-up";
            case CONNECT -> "connection";
            case TLS -> "TLS";
            case REQUEST -> "request";
            case RESPONSE -> "response";
            case OPEN -> "open";
        };
    }
}
