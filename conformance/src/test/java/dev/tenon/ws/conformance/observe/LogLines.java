package dev.tenon.ws.conformance.observe;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The lines of a logger, also those of the level DEBUG, until it is closed. */
final class LogLines extends Handler implements AutoCloseable {
    private final Logger logger;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    LogLines(String name) {
        logger = Logger.getLogger(name);
        logger.addHandler(this);
        logger.setLevel(Level.FINE);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** Waits for a line that contains a text. */
    String await(String text) throws InterruptedException {
        String line;
        do {
            line = lines.poll(20, TimeUnit.SECONDS);
        } while (line != null && !line.contains(text));
        return String.valueOf(line);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(new SimpleFormatter().formatMessage(line));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setLevel(null);
    }
}
