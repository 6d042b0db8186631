package dev.tenon.ws.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for SIGTERM or SIGINT. Unlike a shutdown hook, a signal handler lets the tool drain and choose its exit code. A
 * second signal ends the process at once.
 */
final class SignalHandler {
    private static final int INTERRUPTED = 130;

    private final CountDownLatch received = new CountDownLatch(1);

    private SignalHandler() {}

    /** Installs the handler for the lifetime of the process. */
    static SignalHandler install() {
        SignalHandler termination = new SignalHandler();
        termination.install("TERM");
        termination.install("INT");
        return termination;
    }

    /** By reflection, because the compiler warns of sun.misc in a way that cannot be suppressed. */
    private void install(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object callback = Proxy.newProxyInstance(
                    SignalHandler.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        wake();
                        return null;
                    });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), callback);
        } catch (ReflectiveOperationException e) {
            // the signal is unknown or reserved by the JVM, so it ends the process by default
        }
    }

    private void wake() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        received.countDown();
    }

    void await() throws InterruptedException {
        received.await();
    }
}
