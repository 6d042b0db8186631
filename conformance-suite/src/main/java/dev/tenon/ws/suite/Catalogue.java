package dev.tenon.ws.suite;

import java.util.List;
import java.util.stream.Stream;

/** All chapters. */
final class Catalogue {
    private Catalogue() {}

    static List<Chapter> chapters(Side peer, Settings settings) {
        return Stream.of(
                        FramingCases.chapter(),
                        PingCases.chapter(),
                        ReservedCases.bits(),
                        ReservedCases.opcodes(),
                        FragmentCases.chapter(),
                        Utf8Cases.chapter(),
                        CloseCases.chapter(),
                        LimitCases.limits(),
                        LimitCases.fragmentation(),
                        HeaderCases.masks(peer),
                        HeaderCases.lengths())
                .filter(chapter -> !chapter.cases().isEmpty())
                .toList();
    }
}
