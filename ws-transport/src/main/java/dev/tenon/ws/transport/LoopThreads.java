package dev.tenon.ws.transport;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates threads that inherit nothing from the creating thread: no thread-locals, and the system class loader instead
 * of the context class loader. A loop may outlive the request or application that started it.
 */
final class LoopThreads {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private LoopThreads() {}

    /** A factory for threads with a number behind their name. */
    static ThreadFactory numbered(String name, boolean daemon) {
        return task -> thread(task, name + "-" + COUNT.incrementAndGet(), daemon);
    }

    /** A factory for daemon threads with one name. */
    static ThreadFactory daemon(String name) {
        return task -> thread(task, name, true);
    }

    private static Thread thread(Runnable task, String name, boolean daemon) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.setDaemon(daemon);
        return thread;
    }
}
