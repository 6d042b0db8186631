package dev.tenon.ws.conformance.matrix;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions of libraries on the class path. */
final class Versions {
    private static final Pattern JAR = Pattern.compile(".*?-(\\d[^/]*)\\.jar");

    private Versions() {}

    /** Returns the version in the name of the jar that contains a class. */
    static Peer.Version of(Class<?> type) {
        return () -> {
            String jar =
                    type.getProtectionDomain().getCodeSource().getLocation().getPath();
            Matcher name = JAR.matcher(jar.substring(jar.lastIndexOf('/') + 1));
            if (!name.matches()) {
                throw new IllegalStateException("no version in " + jar);
            }
            return name.group(1).replace(".Final", "");
        };
    }
}
