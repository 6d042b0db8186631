package dev.tenon.ws.cli;

import java.time.Duration;

/**
 * What a benchmark does.
 *
 * @param connections how many connections send
 * @param depth how many messages each connection has under way, if there is no rate
 * @param rate how many messages all connections send in a second, whether answers come or not; 0 for as fast as answers come
 * @param size bytes of a message
 * @param text whether messages are text
 * @param warmUp how long it runs before anything counts
 * @param duration how long it counts
 */
record Load(int connections, int depth, int rate, int size, boolean text, Duration warmUp, Duration duration) {
    @Override
    public String toString() {
        return "%d connections, %d bytes of %s, %s, %s s"
                .formatted(
                        connections,
                        size,
                        text ? "text" : "binary",
                        rate > 0 ? rate + " messages a second" : depth + " under way each",
                        duration.toMillis() / 1000.0);
    }
}
