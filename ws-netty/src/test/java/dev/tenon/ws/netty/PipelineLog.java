package dev.tenon.ws.netty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Records what Netty logs about failures that no handler has handled, until it is closed. */
final class PipelineLog extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("io.netty.channel.DefaultChannelPipeline");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    PipelineLog() {
        logger.addHandler(this);
    }

    List<LogRecord> records() {
        return records;
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
