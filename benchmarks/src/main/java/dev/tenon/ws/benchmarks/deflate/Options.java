package dev.tenon.ws.benchmarks.deflate;

import dev.tenon.ws.extension.ExtensionProvider;
import java.util.Arrays;

/**
 * The options of permessage-deflate, called by reflection: no module may depend on that one at compile time, not even the
 * benchmarks. The methods are those of {@code DeflateOptions}.
 */
record Options(Object value) {
    private static final String PACKAGE = "dev.tenon.ws.deflate.";

    static Options defaults() {
        try {
            return new Options(Class.forName(PACKAGE + "DeflateOptions")
                    .getMethod("defaults")
                    .invoke(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    Options with(String method, Object... arguments) {
        return new Options(call(method, arguments));
    }

    Options dedicated() {
        try {
            return with(
                    "withMemory",
                    Class.forName(PACKAGE + "MemoryMode").getField("DEDICATED").get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    int level() {
        return (Integer) call("level");
    }

    ExtensionProvider provider() {
        try {
            return Class.forName(PACKAGE + "PermessageDeflate")
                    .asSubclass(ExtensionProvider.class)
                    .getConstructor(value.getClass())
                    .newInstance(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object call(String method, Object... arguments) {
        try {
            return Arrays.stream(value.getClass().getMethods())
                    .filter(each -> each.getName().equals(method))
                    .findAny()
                    .orElseThrow(() -> new NoSuchMethodException(method))
                    .invoke(value, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
