package dev.tenon.ws.cli;

import java.lang.reflect.InvocationTargetException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import picocli.CommandLine.TypeConversionException;

/** How a server asks the system for its sockets. */
enum Sockets {
    /** By io_uring where that works, else by NIO. */
    AUTO,
    NIO,
    /** By io_uring or not at all. */
    IO_URING;

    /** Of ws-transport-linux, which is there on Linux with JDK 22 or newer only; so nothing here can name it otherwise. */
    private static final String CLASS = "dev.tenon.ws.transport.linux.IoUring";

    static Sockets parse(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "nio" -> NIO;
            case "io_uring" -> IO_URING;
            default -> throw new TypeConversionException("'" + text + "' is none of auto, nio and io_uring");
        };
    }

    /** What opens the sockets; a problem if it cannot be had. */
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
