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
                        DeflateCases.sizes(),
                        DeflateCases.parameters(),
                        DeflateRuleCases.chapter(),
                        HeaderCases.masks(peer),
                        HeaderCases.lengths(),
                        peer == Side.SERVER ? RequestCases.chapter() : ResponseCases.chapter(),
                        BudgetCases.chapter(peer, settings))
                .toList();
    }
}
