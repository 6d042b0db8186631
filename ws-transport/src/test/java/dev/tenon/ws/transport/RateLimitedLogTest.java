package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {
    private static final class Lines implements Logger {
        final List<String> lines = new ArrayList<>();

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable cause) {
            lines.add(level + " " + message + " " + cause);
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            throw new AssertionError("without a cause?");
        }
    }

    @Test
    void aFloodIsTenLinesInTenSecondsAndTheRestIsCounted() {
        Lines lines = new Lines();
        RateLimitedLog seldom = new RateLimitedLog(lines, Logger.Level.WARNING);
        long start = -5; // clocks may begin at any value
        for (int i = 0; i < 1_000; i++) {
            seldom.log("broken", null, start + i);
        }
        assertEquals(java.util.Collections.nCopies(RateLimitedLog.MOST, "WARNING broken null"), lines.lines);
        lines.lines.clear();
        seldom.log("broken", null, start + RateLimitedLog.PERIOD_NANOS - 1);
        assertEquals(List.of(), lines.lines);
        seldom.log("broken", null, start + RateLimitedLog.PERIOD_NANOS);
        seldom.log("broken", null, start + RateLimitedLog.PERIOD_NANOS);
        assertEquals(
                List.of("WARNING broken (991 of the kind before were left out) null", "WARNING broken null"),
                lines.lines);
    }
}
