package dev.tenon.ws.benchmarks.codec;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs benchmarks on the kind of thread for which Netty's buffer pool is fast. */
public final class EventLoopExecutor extends ThreadPoolExecutor {
    /** Called by JMH. */
    public EventLoopExecutor(int threads, String name) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(name));
    }
}
