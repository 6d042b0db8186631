package dev.tenon.ws.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for SIGTERM or SIGINT. A handler instead of a shutdown hook lets the tool drain and exit with a status of its
 * own. A second signal ends the process at once.
 */
final class SignalHandler {
    private static final int INTERRUPTED = 130;

    private final CountDownLatch told = new CountDownLatch(1);

    private SignalHandler() {}

    /** Takes the signals, for the rest of the process. */
    static SignalHandler install() {
        SignalHandler termination = new SignalHandler();
        termination.take("TERM");
        termination.take("INT");
        return termination;
    }

    /** By reflection, because the compiler warns of sun.misc in a way that cannot be suppressed. */
    private void take(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object teller = Proxy.newProxyInstance(
                    SignalHandler.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        tell();
                        return null;
                    });
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), teller);
        } catch (ReflectiveOperationException e) {
            // unknown here, or kept by the JVM: the signal ends the process in the JVM's own way
        }
    }

    private void tell() {
        if (told.getCount() == 0) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        told.countDown();
    }

    void await() throws InterruptedException {
        told.await();
    }
}
