package dev.tenon.ws.cli;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The load of a benchmark.
 *
 * @param connections the number of connections
 * @param depth how many messages each connection has in flight, if there is no rate
 * @param rate how many messages all connections together send in a second, independent of replies; 0 for no rate
 * @param sizes the bytes of a connection's messages, in turn
 * @param text whether messages are text
 * @param warmUp the time before the measurement
 * @param duration the time of the measurement
 */
record Load(
        int connections, int depth, int rate, List<Integer> sizes, boolean text, Duration warmUp, Duration duration) {
    Load {
        sizes = List.copyOf(sizes);
    }

    /** The bytes of a connection's n-th message. */
    int size(long n) {
        return sizes.get((int) (n % sizes.size()));
    }

    int longest() {
        return sizes.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    double averageSize() {
        return sizes.stream().mapToInt(Integer::intValue).average().orElse(0);
    }

    @Override
    public String toString() {
        return "%d connections, %s bytes of %s, %s, %s s"
                .formatted(
                        connections,
                        sizes.stream().map(String::valueOf).collect(Collectors.joining(" and ")),
                        text ? "text" : "binary",
                        rate > 0 ? rate + " messages a second" : depth + " in flight each",
                        duration.toMillis() / 1000.0);
    }
}
