package dev.tenon.ws.conformance.consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.module.ModuleFinder;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The packaged client sends the version of its module in {@code User-Agent}, on the class path and on the module path.
 */
class UserAgentIT {
    private static final String VERSION = Objects.requireNonNull(System.getProperty("tenon.version"));
    private static final Path JAR = Path.of("..", "ws-client", "target", "ws-client-" + VERSION + ".jar");

    @Test
    void onTheClassPath() throws Exception {
        URL[] classPath = {JAR.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Field userAgent = loader.loadClass("dev.tenon.ws.client.UserAgent").getDeclaredField("DEFAULT");
            userAgent.setAccessible(true);
            assertEquals("Tenon/" + VERSION, userAgent.get(null));
        }
    }

    @Test
    void onTheModulePath() {
        assertEquals(
                Optional.of(VERSION),
                ModuleFinder.of(JAR)
                        .find("dev.tenon.ws.client")
                        .flatMap(module -> module.descriptor().rawVersion()));
    }
}
