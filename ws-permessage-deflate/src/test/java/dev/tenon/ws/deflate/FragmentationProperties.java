package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.testkit.MemoryWire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Compressed messages with a limit for the length of a frame. */
class FragmentationProperties {
    private static final Extensions DEFLATE = Extensions.of(new PermessageDeflate(
            DeflateOptions.defaults().withTakeover(true, true).withMinimumSize(0)));

    @Property(tries = 100)
    void atAnyFrameLimitThePeerReceivesTheMessageAndNoFrameIsLonger(
            @ForAll("bounds") int longest, @ForAll boolean prepared, @ForAll Random random) {
        Wiretap wiretap = new Wiretap(longest);
        List<byte[]> received = new ArrayList<>();
        WebSocketListener client = new WebSocketListener() {
            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                received.add(bytes);
            }
        };
        List<NegotiatedExtension> response = DEFLATE.accept(DEFLATE.offers());
        NegotiatedExtension confirmed =
                DEFLATE.confirm(List.of(response.get(0).agreed())).get(0);
        MemoryWire wire = MemoryWire.between(client, new WebSocketListener() {})
                .options(
                        ConnectionOptions.DEFAULT,
                        ConnectionOptions.DEFAULT.withFragmentLength(longest).withOutbound(1 << 20, 1 << 24))
                .extensions(List.of(wiretap.around(confirmed)), response)
                .open();
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            byte[] message = Payloads.any(longest < 10 ? 2_000 : 60_000, random);
            ByteBuffer data = ByteBuffer.wrap(message);
            if (prepared) {
                wire.server().send(PreparedMessage.binary(data));
            } else {
                wire.server().sendBinary(data);
            }
            sent.add(message);
            wire.run();
        }
        assertEquals(sent.size(), received.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(sent.get(i), received.get(i));
        }
    }

    /** Records the frames on the wire. */
    private static final class Wiretap {
        private final int longest;
        private int length;
        private boolean inFrame;

        Wiretap(int longest) {
            this.longest = longest;
        }

        private void see(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
            length = (inFrame ? length : 0) + payload.remaining();
            inFrame = !endOfFrame;
            assertTrue(length <= longest, () -> length + " > " + longest);
            assertTrue(!firstByte.rsv1() || firstByte.opcode() == Opcode.BINARY, "RSV1 is for the first fragment");
        }

        NegotiatedExtension around(NegotiatedExtension real) {
            return new NegotiatedExtension() {
                @Override
                public ExtensionOffer agreed() {
                    return real.agreed();
                }

                @Override
                public int rsv() {
                    return real.rsv();
                }

                @Override
                public Extension open(ExtensionContext context) {
                    return tapped(real.open(context));
                }
            };
        }

        private Extension tapped(Extension real) {
            return new Extension() {
                @Override
                public FrameHandler inbound(FrameHandler next) {
                    FrameHandler stage = real.inbound(next);
                    return (firstByte, payload, endOfFrame) -> {
                        see(firstByte, payload, endOfFrame);
                        stage.onFrame(firstByte, payload, endOfFrame);
                    };
                }

                @Override
                public OutboundHandler outbound(OutboundHandler next) {
                    return real.outbound(next);
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        }
    }

    @Provide
    Arbitrary<Integer> bounds() {
        return Arbitraries.of(1, 2, 3, 4, 5, 7, 100, 125, 126, 1000, 4096, 20_000, 65_536);
    }
}
