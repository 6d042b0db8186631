package dev.tenon.ws.transport;

import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;

/** The provider that opens sockets if none is set; see {@link EventLoops#defaultSockets}. */
final class DefaultSockets {
    private static final String PROPERTY = "dev.tenon.ws.sockets";

    private DefaultSockets() {}

    static SelectorProvider provider() {
        String name = System.getProperty(PROPERTY);
        return name == null ? SelectorProvider.provider() : named(name);
    }

    /** Calls a method that is named as {@code package.Class::method}. */
    static SelectorProvider named(String name) {
        int end = Math.max(0, name.indexOf("::"));
        try {
            Object provider = Class.forName(name.substring(0, end), true, ClassLoader.getSystemClassLoader())
                    .getMethod(name.substring(end).replace("::", ""))
                    .invoke(null);
            return (SelectorProvider) Objects.requireNonNull(provider);
        } catch (ReflectiveOperationException | ClassCastException | NullPointerException e) {
            throw new IllegalStateException(
                    "the system property " + PROPERTY + " names a public static method that returns a SelectorProvider,"
                            + " as package.Class::method, unlike '" + name + "'",
                    e);
        }
    }
}
