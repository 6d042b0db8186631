package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Collects the reports of Netty's leak detector, which checks every buffer in the tests of this module. As an extension of
 * JUnit, it fails a class whose tests have lost a buffer.
 */
final class Leaks extends Handler implements BeforeAllCallback, AfterAllCallback {
    /** A strong reference, because the log manager holds its loggers weakly. */
    private static final Logger LOGGER = Logger.getLogger("io.netty.util.ResourceLeakDetector");

    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();

    static {
        LOGGER.addHandler(new Leaks());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        watch();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        expectNone();
    }

    /** Starts to collect; call it before the first buffer is created. */
    static void watch() {
        assertEquals("paranoid", System.getProperty("io.netty.leakDetection.level"), "the detector's level");
    }

    /** Fails if a leak was reported so far. */
    static void expectNone() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int j = 0; j < 200; j++) { // the detector reports when further buffers are created
                ByteBufAllocator.DEFAULT.directBuffer(16).release();
            }
        }
        assertEquals(List.of(), REPORTS);
    }

    @Override
    public void publish(LogRecord report) {
        REPORTS.add(String.valueOf(report.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
