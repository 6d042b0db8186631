package dev.tenon.ws.topics;

/** Passes exceptions of the application to the handler of the current thread. The only class of this module that uses its thread. */
final class UncaughtExceptions {
    private UncaughtExceptions() {}

    /** Runs a task. The handler of this thread receives an exception or an error, and the caller goes on. */
    static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }
}
