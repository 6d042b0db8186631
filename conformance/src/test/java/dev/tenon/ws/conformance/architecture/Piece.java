package dev.tenon.ws.conformance.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A published module, and the modules that it may use.
 *
 * @param artifact folder and artifactId
 * @param module name of the JPMS module and of its one exported package
 * @param dependsOn direct dependencies
 */
record Piece(String artifact, String module, List<Piece> dependsOn) {

    static final Piece FRAME = piece("ws-frame", "frame");
    static final Piece EXTENSION_SPI = piece("ws-extension-spi", "extension", FRAME);
    static final Piece DEFLATE = piece("ws-permessage-deflate", "deflate", EXTENSION_SPI);
    static final Piece HANDSHAKE = piece("ws-handshake", "handshake", EXTENSION_SPI);
    static final Piece CONNECTION = piece("ws-connection", "connection", FRAME, EXTENSION_SPI);
    static final Piece TOPICS = piece("ws-topics", "topics", CONNECTION);
    static final Piece TRANSPORT = piece("ws-transport", "transport", CONNECTION, HANDSHAKE);
    static final Piece TRANSPORT_LINUX = piece("ws-transport-linux", "transport.linux");
    static final Piece SERVER = piece("ws-server", "server", TRANSPORT);
    static final Piece CLIENT = piece("ws-client", "client", TRANSPORT);
    static final Piece CLIENT_JDK = piece("ws-client-jdk", "client.jdk", CLIENT);
    static final Piece TOPICS_NATS = piece("ws-topics-nats", "topics.nats", TOPICS);
    static final Piece NETTY = piece("ws-netty", "netty", SERVER);
    static final Piece TESTKIT = piece("ws-testkit", "testkit", CONNECTION, HANDSHAKE, TOPICS);

    /** The modules without I/O, threads and clocks. */
    static final List<Piece> PURE = List.of(FRAME, EXTENSION_SPI, DEFLATE, HANDSHAKE, CONNECTION, TOPICS);

    /** The modules that need nothing but the JDK and each other; ws-testkit also needs jqwik. */
    static final List<Piece> PIECES = Stream.concat(
                    PURE.stream(), Stream.of(TRANSPORT, SERVER, CLIENT, CLIENT_JDK, TESTKIT))
            .toList();

    /** The modules that also need the library that they adapt, and are named after it. No piece uses them. */
    static final List<Piece> ADAPTERS = List.of(TOPICS_NATS, NETTY);

    /** All published modules. */
    static final List<Piece> ALL = Stream.of(PIECES, ADAPTERS, List.of(TRANSPORT_LINUX))
            .flatMap(List::stream)
            .toList();

    /** The published modules that this JDK builds: all, except for ws-transport-linux before JDK 22. */
    static final List<Piece> PUBLISHED = ALL.stream()
            .filter(piece -> !piece.equals(TRANSPORT_LINUX) || Runtime.version().feature() >= 22)
            .toList();

    /** The folders of the build that are not published. */
    static final List<String> UNPUBLISHED = List.of(
            "bom",
            "test-keys",
            "conformance-suite",
            "ws-cli",
            "ws-cli-netty",
            "examples",
            "examples/compare",
            "benchmarks",
            "site",
            "conformance",
            "release");

    private static Piece piece(String artifact, String name, Piece... dependsOn) {
        return new Piece(artifact, "dev.tenon.ws." + name, List.of(dependsOn));
    }

    /** Returns the packages of this module: the exported one, and the others. */
    Set<String> packages() {
        Stream<String> hidden =
                equals(CLIENT) ? Stream.of(".auth", ".dial", ".reconnect", ".step") : Stream.of(".internal");
        return Stream.concat(Stream.of(module), hidden.map(module::concat)).collect(Collectors.toUnmodifiableSet());
    }

    Path classes() {
        return Path.of("..", artifact, "target", "classes");
    }

    /** The names of this module and of all below it. */
    Set<String> visibleModules() {
        return Stream.concat(Stream.of(module), dependsOn.stream().flatMap(piece -> piece.visibleModules().stream()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String toString() {
        return artifact;
    }
}
