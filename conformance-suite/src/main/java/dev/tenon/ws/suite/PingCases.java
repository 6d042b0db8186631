package dev.tenon.ws.suite;

import static dev.tenon.ws.suite.Script.script;
import static dev.tenon.ws.suite.WireFrame.ping;
import static dev.tenon.ws.suite.WireFrame.pong;
import static dev.tenon.ws.suite.WireFrame.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Chapter 2: pings and pongs. */
final class PingCases {
    private static final String PING = "RFC 6455 §5.5.2";
    private static final String PONG = "RFC 6455 §5.5.3";
    private static final String CONTROL = "RFC 6455 §5.5";

    private PingCases() {}

    static Chapter chapter() {
        Chapter chapter = new Chapter(2, "Pings and pongs");
        byte[] longest = filled(125);
        byte[] bytes = Octets.hex("00fffefdfcfb0000ff");
        chapter.add(
                "1",
                "ping without payload",
                PING,
                script().send(ping("")).expectPong("").close());
        chapter.add(
                "2",
                "ping with text",
                PING,
                script().send(ping("Hello")).expectPong("Hello").close());
        chapter.add("3", "ping with binary payload", PING, pings(bytes, Integer.MAX_VALUE));
        chapter.add("4", "ping with 125 bytes", PING, pings(longest, Integer.MAX_VALUE));
        chapter.add(
                "5",
                "ping with 126 bytes",
                CONTROL,
                script().send(WireFrame.of(Opcodes.PING, filled(126))).fails(1002));
        chapter.add("6", "ping with 125 bytes, one byte a write", PING, pings(longest, 1));
        chapter.add(
                "7",
                "unsolicited pong without payload",
                PONG,
                script().send(pong("")).close());
        chapter.add(
                "8",
                "unsolicited pong with payload",
                PONG,
                script().send(pong("unasked")).close());
        chapter.add(
                "9",
                "unsolicited pong, then a ping: one pong alone",
                PONG,
                script().send(pong("unasked"), ping("asked"))
                        .expectPong("asked")
                        .close());
        chapter.add("10", "ten pings at once", PONG, flood(10).close());
        chapter.add(
                "11",
                "ten pings, one byte a write",
                PONG,
                script().sendInChunks(1, pings(10).toArray(WireFrame[]::new))
                        .expectLastPong("ping 9")
                        .close());
        chapter.add(
                "12",
                "ping before and after a message, in order",
                PING,
                script().send(ping("one"))
                        .expectPong("one") // a peer may answer only the newest ping
                        .send(text("between"))
                        .expectText("between")
                        .send(ping("two"))
                        .expectPong("two")
                        .close());
        chapter.add(
                "13",
                "pong with 126 bytes",
                CONTROL,
                script().send(WireFrame.of(Opcodes.PONG, filled(126))).fails(1002));
        return chapter;
    }

    private static Script pings(byte[] payload, int chunkLength) {
        return script().sendInChunks(chunkLength, WireFrame.of(Opcodes.PING, payload))
                .expectPong(payload)
                .close();
    }

    private static Script flood(int count) {
        return script().send(pings(count)).expectLastPong("ping " + (count - 1));
    }

    static List<WireFrame> pings(int count) {
        List<WireFrame> pings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pings.add(ping("ping " + i));
        }
        return pings;
    }

    static byte[] filled(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 0xFE);
        return payload;
    }
}
