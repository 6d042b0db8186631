package dev.tenon.ws.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, which the build writes into the module descriptor. */
final class Version implements IVersionProvider {
    static final String NUMBER = Optional.ofNullable(Version.class.getModule().getDescriptor())
            .flatMap(ModuleDescriptor::rawVersion)
            .orElse("of an unnamed build");

    /** For picocli. */
    Version() {}

    @Override
    public String[] getVersion() {
        return new String[] {"Tenon " + NUMBER, "Java " + Runtime.version() + ", " + System.getProperty("os.name")};
    }
}
