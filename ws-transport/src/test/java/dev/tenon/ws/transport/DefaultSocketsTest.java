package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.spi.SelectorProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The provider of sockets if no option names one. */
class DefaultSocketsTest {
    @Test
    void aMethodIsNamedWithItsClass() {
        assertSame(
                SelectorProvider.provider(), DefaultSockets.named("java.nio.channels.spi.SelectorProvider::provider"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "::", "provider", "no.such.Class::provider", "java.lang.System::lineSeparator"})
    void aMissingMethodIsNamedInTheFailure(String name) {
        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> DefaultSockets.named(name));
        assertTrue(String.valueOf(failure.getMessage()).endsWith("unlike '" + name + "'"), failure.toString());
    }

    @Test
    void loopsUseWhatThePropertyNames() {
        boolean chosen = System.getProperty("dev.tenon.ws.sockets") != null;
        assertEquals(!chosen, EventLoops.defaultSockets() == SelectorProvider.provider());
    }
}
