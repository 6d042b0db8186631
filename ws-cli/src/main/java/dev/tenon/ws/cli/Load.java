package dev.tenon.ws.cli;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a benchmark does.
 *
 * @param connections how many connections send
 * @param depth how many messages each connection has under way, if there is no rate
 * @param rate how many messages all connections send in a second, whether answers come or not; 0 for as fast as answers come
 * @param sizes bytes of the messages of a connection, in turn
 * @param text whether messages are text
 * @param warmUp how long it runs before anything counts
 * @param duration how long it counts
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
                        rate > 0 ? rate + " messages a second" : depth + " under way each",
                        duration.toMillis() / 1000.0);
    }
}
