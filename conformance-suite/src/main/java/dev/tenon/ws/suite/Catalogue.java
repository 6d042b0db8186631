package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All chapters of the suite. */
final class Catalogue {
    private Catalogue() {}

    /** The chapters for a peer on a carrier. */
    static List<Chapter> chapters(Side peer, Carrier carrier, Settings settings) {
        List<Chapter> chapters = new ArrayList<>(ofFrames(peer, settings));
        boolean isServer = peer == Side.SERVER;
        switch (carrier) {
            case HTTP_1_1 -> chapters.add(isServer ? RequestCases.chapter() : ResponseCases.chapter());
            case HTTP_2 -> {
                chapters.add(isServer ? StreamRequestCases.http2() : StreamResponseCases.http2());
                chapters.add(StreamCases.chapter(peer));
            }
            case HTTP_3 -> {
                chapters.add(isServer ? StreamRequestCases.http3() : StreamResponseCases.http3());
                chapters.add(Http3StreamCases.chapter(peer));
            }
        }
        return chapters;
    }

    private static List<Chapter> ofFrames(Side peer, Settings settings) {
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
                        BudgetCases.chapter(peer, settings))
                .toList();
    }
}
