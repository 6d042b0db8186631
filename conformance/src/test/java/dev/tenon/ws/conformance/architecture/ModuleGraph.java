package dev.tenon.ws.conformance.architecture;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares a module descriptor with its row in the table. */
final class ModuleGraph {

    private ModuleGraph() {}

    static List<String> faults(Piece piece, ModuleDescriptor descriptor) {
        List<String> faults = new ArrayList<>();
        if (!descriptor.name().equals(piece.module()) || descriptor.isAutomatic()) {
            faults.add("is module " + descriptor.name() + ", not a declared module " + piece.module());
        }
        Set<String> requires =
                descriptor.requires().stream().map(ModuleGraph::describe).collect(toCollection(TreeSet::new));
        Set<String> required = required(piece);
        minus(required, requires).forEach(missing -> faults.add("lacks: requires " + missing));
        requires.removeAll(optional(piece));
        minus(requires, required).forEach(surplus -> faults.add("must not: requires " + surplus));
        Set<Exports> exports = Set.copyOf(descriptor.exports());
        if (!exports.equals(exported(piece))) {
            faults.add("exports " + exports + " instead of " + exported(piece));
        }
        if (descriptor.isOpen() || !descriptor.opens().isEmpty()) {
            faults.add("opens packages to reflection");
        }
        return faults;
    }

    private static Set<String> required(Piece piece) {
        Set<String> required = new TreeSet<>(Set.of("mandated java.base"));
        piece.dependsOn().forEach(below -> required.add("transitive " + below.module()));
        if (piece.equals(Piece.TESTKIT)) {
            required.add("transitive net.jqwik.api");
        }
        if (piece.equals(Piece.TOPICS_NATS)) {
            required.add("transitive io.nats.jnats");
        }
        if (piece.equals(Piece.NETTY)) {
            required.add("io.netty.codec");
            Stream.of(
                            "buffer",
                            "codec.classes.quic",
                            "codec.http",
                            "codec.http2",
                            "codec.http3",
                            "common",
                            "handler",
                            "transport")
                    .forEach(name -> required.add("transitive io.netty." + name));
        }
        if (piece.equals(Piece.CLIENT_JDK)) {
            required.add("transitive java.net.http");
        }
        return required;
    }

    private static Set<String> optional(Piece piece) {
        boolean observable = Set.of(Piece.TRANSPORT, Piece.SERVER, Piece.CLIENT).contains(piece);
        return observable ? Set.of("static org.jspecify", "static jdk.jfr") : Set.of("static org.jspecify");
    }

    private static Set<Exports> exported(Piece piece) {
        ModuleDescriptor.Builder expected = ModuleDescriptor.newModule(piece.module());
        if (piece.equals(Piece.TRANSPORT)) {
            expected.exports(piece.module(), Set.of(Piece.SERVER.module(), Piece.CLIENT.module()));
        } else {
            expected.exports(piece.module());
        }
        return expected.build().exports();
    }

    private static String describe(Requires requires) {
        Set<String> words = requires.modifiers().stream()
                .map(modifier -> modifier.toString().toLowerCase(Locale.ROOT))
                .collect(toCollection(TreeSet::new));
        return (String.join(" ", words) + " " + requires.name()).strip();
    }

    private static Set<String> minus(Set<String> all, Set<String> without) {
        return all.stream().filter(each -> !without.contains(each)).collect(toSet());
    }
}
