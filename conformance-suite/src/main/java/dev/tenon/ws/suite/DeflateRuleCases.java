package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.text;

/** Chapter 14: valid and invalid forms of compressed messages. */
final class DeflateRuleCases {
    private static final String FORMAT = "RFC 7692 §7.2.3";
    private static final String BITS = "RFC 7692 §6";
    private static final String INFLATE = "RFC 7692 §7.2.2";

    private final Chapter chapter = new Chapter(14, "Compression: rules");

    private DeflateRuleCases() {}

    static Chapter chapter() {
        DeflateRuleCases cases = new DeflateRuleCases();
        cases.vectors();
        cases.mixtures();
        cases.reservedBits();
        cases.malformed();
        return cases.chapter;
    }

    private void add(String id, String title, String rule, Script script) {
        chapter.add(id, title, rule, Deflate.PLAIN, script);
    }

    private static WireFrame deflated(String hex) {
        return text("").payload(Octets.hex(hex)).rsv(4);
    }

    private static WireFrame more(String hex) {
        return WireFrame.of(Opcodes.CONTINUATION, Octets.hex(hex));
    }

    /** The examples of the RFC, all of them "Hello". */
    private void vectors() {
        add("1.1", "one block", FORMAT + ".1", hello(deflated("f248cdc9c90700")));
        add("1.2", "in two frames", FORMAT + ".1", hello(deflated("f248cd").notFinal(), more("c9c90700")));
        add(
                "1.3",
                "the second from the context of the first",
                FORMAT + ".2",
                script().needsContext()
                        .send(deflated("f248cdc9c90700"))
                        .send(deflated("f200110000"))
                        .expectText("Hello")
                        .expectText("Hello")
                        .close());
        add("1.4", "a stored block", FORMAT + ".3", hello(deflated("000500faff48656c6c6f00")));
        add("1.5", "a final block", FORMAT + ".4", hello(deflated("f348cdc9c9070000")));
        add("1.6", "two blocks", FORMAT + ".5", hello(deflated("f248050000 00ffffcac9c90700")));
        add(
                "1.7",
                "an empty message",
                FORMAT + ".6",
                script().send(deflated("00")).expectText("").close());
        add(
                "1.8",
                "one byte a frame",
                FORMAT + ".1",
                hello(
                        deflated("f2").notFinal(),
                        more("48").notFinal(),
                        more("cd").notFinal(),
                        more("c9").notFinal(),
                        more("c9").notFinal(),
                        more("07").notFinal(),
                        more("00")));
        add(
                "1.9",
                "empty frames around it",
                FORMAT + ".1",
                hello(deflated("").notFinal(), more("f248cdc9c90700").notFinal(), more("").notFinal(), more("")));
        add(
                "1.10",
                "a message after a final block",
                FORMAT + ".4",
                script().send(deflated("f348cdc9c9070000"))
                        .expectText("Hello")
                        .send(deflated("f248cdc9c90700"))
                        .expectText("Hello")
                        .close());
    }

    private static Script hello(WireFrame... frames) {
        return script().send(frames).expectText("Hello").close();
    }

    private void mixtures() {
        WireFrame compressed = deflated("f248cdc9c90700");
        add(
                "2.1",
                "a message that is not compressed",
                BITS,
                script().send(text("as it is")).expectText("as it is").close());
        add(
                "2.2",
                "compressed, not compressed, from the context of the first",
                BITS,
                script().needsContext()
                        .send(compressed, text("between"), deflated("f200110000"))
                        .expectText("Hello")
                        .expectText("between")
                        .expectText("Hello")
                        .close());
        add(
                "2.3",
                "a ping within a compressed message",
                BITS,
                script().send(deflated("f248cd").notFinal(), ping("between"))
                        .expectPong("between")
                        .send(more("c9c90700"))
                        .expectText("Hello")
                        .close());
        add(
                "2.4",
                "an unmarked text that begins like a compressed one",
                BITS,
                script().send(text("\u0002H\u0005")).expectText("\u0002H\u0005").close());
    }

    private void reservedBits() {
        add(
                "3.1",
                "RSV1 on a continuation",
                BITS,
                script().send(deflated("f248cd").notFinal(), more("c9c90700").rsv(4))
                        .fails(1002));
        add(
                "3.2",
                "RSV1 on the continuation of an unmarked message",
                BITS,
                script().send(text("a").notFinal(), more("c9c90700").rsv(4)).fails(1002));
        add("3.3", "RSV1 on a ping", BITS, script().send(ping("bad").rsv(4)).fails(1002));
        add(
                "3.4",
                "RSV1 on a pong",
                BITS,
                script().send(WireFrame.pong("bad").rsv(4)).fails(1002));
        add(
                "3.5",
                "RSV1 on a Close frame",
                BITS,
                script().send(WireFrame.close(1000, "").rsv(4)).fails(1002));
        add(
                "3.6",
                "RSV2 beside RSV1",
                BITS,
                script().send(deflated("f248cdc9c90700").rsv(6)).fails(1002));
        add(
                "3.7",
                "RSV3 beside RSV1",
                BITS,
                script().send(deflated("f248cdc9c90700").rsv(5)).fails(1002));
    }

    private void malformed() {
        add(
                "4.1",
                "a block of the reserved kind",
                INFLATE,
                script().send(deflated("07ffff")).fails(1007, 1002));
        add(
                "4.2",
                "a distance to before the beginning",
                INFLATE,
                script().send(deflated("f200110000")).fails(1007, 1002));
        add(
                "4.3",
                "a stored block whose lengths differ",
                INFLATE,
                script().send(deflated("000500faf048656c6c6f00")).fails(1007, 1002));
        add(
                "4.4",
                "data that ends within a block",
                INFLATE,
                script().send(deflated("000900f6ff48")).fails(1007, 1002));
        add(
                "4.5",
                "a reserved block before the message has ended",
                "RFC 7692 §7.2.2, RFC 6455 §7.1.7",
                script().send(deflated("07ffff").notFinal())
                        .failsAlready(1007, 1002)
                        .send(more("00"))
                        .fails(1007, 1002));
        WireFrame badText = text("").payload(Octets.hex("41c0804142"));
        add(
                "5.1",
                "compressed text that is not UTF-8",
                "RFC 6455 §8.1",
                script().sendCompressed(badText).fails(1007));
        add(
                "5.2",
                "the same before the message has ended",
                "RFC 6455 §8.1",
                script().send(
                                deflated("000100feff41").notFinal(),
                                more("000100feffc0").notFinal())
                        .failsAlready(1007)
                        .send(more("00"))
                        .fails(1007));
        add(
                "5.3",
                "text that ends within a code point",
                "RFC 6455 §8.1",
                script().sendCompressed(text("").payload(Octets.hex("41e282"))).fails(1007));
    }
}
