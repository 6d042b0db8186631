package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.deflate.NegotiatedDeflate.Direction;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CompressionProperties {
    @Provide
    static Arbitrary<DeflateOptions> options() {
        Arbitrary<Integer> bits = Arbitraries.integers().between(8, 15);
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Combinators.combine(
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(0, 1, 64, 1000),
                        flag,
                        flag,
                        Combinators.combine(bits, bits, flag).as(Windows::new),
                        Arbitraries.of(0, 300, 2048, 1 << 15),
                        Arbitraries.of(MemoryMode.class))
                .as((level, minimum, outbound, inbound, windows, context, memory) -> new DeflateOptions(
                        level,
                        minimum,
                        outbound,
                        inbound,
                        windows.outbound,
                        windows.inbound,
                        windows.requested,
                        context,
                        memory,
                        2));
    }

    private record Windows(int outbound, int inbound, boolean requested) {}

    @Property(tries = 300)
    void decodingAfterEncodingIsTheIdentity(
            @ForAll("options") DeflateOptions client,
            @ForAll("options") DeflateOptions server,
            @ForAll Role sender,
            @ForAll @IntRange(min = 1, max = 8) int messages,
            @ForAll Random random) {
        try (Endpoint.Pair pair = Endpoint.connect(client, server)) {
            Endpoint from = pair.sender(sender);
            Endpoint to = pair.sender(sender.peer());
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                byte[] message = Payloads.any(random.nextInt(10) == 0 ? 200_000 : 3000, random);
                SendMode mode = random.nextInt(8) == 0 ? SendMode.UNCOMPRESSED : SendMode.DEFAULT;
                if (random.nextInt(8) == 0) {
                    from.extension.forgetOutbound();
                }
                from.send(message, 1 + random.nextInt(4), random, mode);
                to.receiveFrom(from, random);
                sent.add(message);
            }
            assertEquals(messages, to.received.messages.size());
            for (int i = 0; i < messages; i++) {
                assertArrayEquals(sent.get(i), to.received.messages.get(i).payload());
            }
            to.received.pieces.forEach(
                    piece -> assertEquals(0, piece.firstByte().rsv()));
        }
    }

    @Property(tries = 150)
    void noDistancePassesTheWindowAgreedOn(
            @ForAll("options") DeflateOptions server,
            @ForAll("options") DeflateOptions client,
            @ForAll Role role,
            @ForAll Random random) {
        try (Endpoint.Pair pair = Endpoint.connect(client, server)) {
            Endpoint sender = pair.sender(role);
            Direction agreed = ((NegotiatedDeflate) pair.sender(role.peer()).negotiated).inbound();
            Distances distances = new Distances();
            for (int i = 0; i < 6; i++) {
                int window = 1 << agreed.windowBits();
                byte[] message = Payloads.echo(random.nextInt(3 * window), 1 + random.nextInt(2 * window), random);
                sender.send(message, 1 + random.nextInt(3), random);
                byte[] payload = payloadOfTheOnlyMessage(sender.sent);
                if (sender.sent.pieces.get(0).firstByte().rsv() == FirstByte.RSV1) {
                    byte[] inflated =
                            agreed.takeover() ? distances.message(payload) : distances.messageOnItsOwn(payload);
                    assertArrayEquals(message, inflated);
                }
                sender.sent.clear();
                assertTrue(distances.longest() <= window, () -> distances.longest() + " > " + window);
            }
        }
    }

    /** The options limit the heap of a connection, and the pool limits the codecs. */
    @Property(tries = 100)
    void anIdleConnectionKeepsNoMoreThanItsWindows(
            @ForAll("options") DeflateOptions client, @ForAll("options") DeflateOptions server, @ForAll Random random) {
        try (Endpoint.Pair pair = Endpoint.connect(client, server)) {
            for (int i = 0; i < 20; i++) {
                pair.server().send(Payloads.text(random.nextInt(20_000), random), 1, random);
                pair.client().receiveFrom(pair.server(), random);
            }
            NegotiatedDeflate.OpenDeflate sender = (NegotiatedDeflate.OpenDeflate) pair.server().extension;
            NegotiatedDeflate.OpenDeflate receiver = (NegotiatedDeflate.OpenDeflate) pair.client().extension;
            Direction agreed = ((NegotiatedDeflate) pair.client().negotiated).inbound();
            int window = agreed.takeover() ? 1 << agreed.windowBits() : 0;
            assertTrue(sender.retainedBytes() <= Math.min(server.outboundContext(), window));
            boolean receivesWithItsOwn = client.memory() == MemoryMode.DEDICATED;
            assertTrue(receiver.retainedBytes() <= (receivesWithItsOwn ? 2 * window : window));
            boolean dedicated = server.memory() == MemoryMode.DEDICATED;
            assertTrue(pair.server().provider.codecsOut() <= (dedicated ? 1 : 0));
            assertTrue(pair.client().provider.codecsOut() <= (receivesWithItsOwn ? 1 : 0));
            pair.client().extension.close();
            pair.server().extension.close();
            assertEquals(
                    0,
                    pair.server().provider.codecsOut() + pair.client().provider.codecsOut());
        }
    }

    private static byte[] payloadOfTheOnlyMessage(Pieces sent) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        sent.pieces.forEach(piece -> payload.writeBytes(piece.payload()));
        return payload.toByteArray();
    }
}
