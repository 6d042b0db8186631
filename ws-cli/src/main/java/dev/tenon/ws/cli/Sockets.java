package dev.tenon.ws.cli;

import java.lang.reflect.InvocationTargetException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import picocli.CommandLine.TypeConversionException;

/** The implementation of a server's sockets. */
enum Sockets {
    /** io_uring if it works, otherwise NIO. */
    AUTO,
    NIO,
    /** io_uring only. */
    IO_URING;

    /**
     * A class of ws-transport-linux, which exists only on Linux with JDK 22 or newer, so it can only be loaded by its
     * name.
     */
    private static final String CLASS = "dev.tenon.ws.transport.linux.IoUring";

    static Sockets parse(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "nio" -> NIO;
            case "io_uring" -> IO_URING;
            default -> throw new TypeConversionException("'" + text + "' is none of auto, nio and io_uring");
        };
    }

    /** Returns the provider of sockets; throws a problem if it is not available. */
    SelectorProvider provider() {
        return switch (this) {
            case NIO -> SelectorProvider.provider();
            case AUTO -> isInstalled() ? call("orNio") : SelectorProvider.provider();
            case IO_URING -> {
                if (!isInstalled()) {
                    throw Problem.usage("--sockets io_uring needs JDK 22 or newer and ws-transport-linux, which is not"
                            + " on the module path: leave it out, or set JAVA_HOME and use ./ws");
                }
                yield call("required");
            }
        };
    }

    private static boolean isInstalled() {
        try {
            Class<?> unused = Class.forName(CLASS);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static SelectorProvider call(String method) {
        try {
            Object provider = Class.forName(CLASS).getMethod(method).invoke(null);
            return (SelectorProvider) Objects.requireNonNull(provider);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw Problem.usage(String.valueOf(cause == null ? e : cause.getMessage()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
