package dev.tenon.ws.client;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** The default {@code User-Agent}, with the version of the module, or on the class path that of the jar's manifest. */
final class UserAgent {
    static final String DEFAULT = "Tenon" + version();

    private UserAgent() {}

    private static String version() {
        ModuleDescriptor module = UserAgent.class.getModule().getDescriptor();
        Optional<String> version = module == null ? Optional.empty() : module.rawVersion();
        return version.or(UserAgent::manifestVersion).map("/"::concat).orElse("");
    }

    private static Optional<String> manifestVersion() {
        return Optional.ofNullable(UserAgent.class.getPackage().getImplementationVersion());
    }
}
