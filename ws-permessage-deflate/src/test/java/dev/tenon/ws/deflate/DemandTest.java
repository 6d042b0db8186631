package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.testkit.MemoryWire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 200 KB that inflate to 200 MB arrive for a listener that has not requested them. */
class DemandTest {
    private static final int LENGTH = 200_000_000;
    /** The bytes that a connection holds without demand, and one more piece. */
    private static final int MOST_HELD = 64 * 1024 + DeflateCodec.ROOM;

    private static byte[] bomb = {};

    private final PermessageDeflate provider = new PermessageDeflate();
    private final Meter meter = new Meter();

    @BeforeAll
    static void deflate() {
        Deflater deflater = new Deflater(6, true);
        ByteBuffer compressed = ByteBuffer.allocate(LENGTH / 500);
        byte[] zeros = new byte[1_000_000];
        for (int i = 0; i < LENGTH / zeros.length; i++) {
            deflater.setInput(zeros);
            deflater.deflate(compressed, i == LENGTH / zeros.length - 1 ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
        }
        deflater.end();
        bomb = new byte[compressed.flip().remaining() - 4];
        compressed.get(bomb);
    }

    @AfterEach
    void allMessagesHaveComeBack() {
        provider.close();
        assertEquals(0, provider.nativeBytes());
    }

    @Test
    void aStreamingListenerGetsTheRequestedPiecesAndNoMoreIsInflated() {
        Pieces received = new Pieces();
        MemoryWire wire = receiving(received);
        assertTrue(meter.handedOn <= MOST_HELD, () -> meter.handedOn + " bytes without demand");
        assertFalse(wire.serverConnection().isReadyForInput());
        for (int i = 1; i <= 20; i++) {
            wire.server().request(1);
            wire.run();
            assertEquals(i, received.pieces);
            assertTrue(meter.handedOn - received.bytes <= MOST_HELD, () -> meter.handedOn + " bytes");
        }
        wire.server().request(Long.MAX_VALUE);
        wire.run();
        assertEquals(LENGTH, received.bytes);
        assertEquals(1, received.messages);
        assertTrue(wire.serverConnection().isReadyForInput());
        wire.client().sendText("and on it goes");
        wire.run();
        assertEquals(2, received.messages);
        close(wire);
    }

    @Test
    void aListenerThatRequestsInsideItsCallsGetsAll() {
        Pieces received = new Pieces() {
            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer data, boolean last) {
                super.onPiece(webSocket, type, data, last);
                webSocket.request(1);
            }
        };
        MemoryWire wire = receiving(received);
        wire.server().request(1);
        wire.run();
        assertEquals(LENGTH, received.bytes);
        close(wire);
    }

    @Test
    void aListenerOfWholeMessagesHasNothingInflatedForItWithoutDemand() {
        List<Integer> received = new ArrayList<>();
        MemoryWire wire = receiving(new WebSocketListener() {
            @Override
            public long initialDemand() {
                return 0;
            }

            @Override
            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                received.add(data.remaining());
            }
        });
        assertTrue(meter.handedOn <= MOST_HELD, () -> meter.handedOn + " bytes without demand");
        wire.server().request(1);
        wire.run();
        assertEquals(List.of(LENGTH), received);
        close(wire);
    }

    @Test
    void anEndInsideAMessageReturnsAllCodecs() {
        Pieces received = new Pieces();
        MemoryWire wire = receiving(received);
        wire.server().abort();
        wire.run();
        assertEquals(0, provider.codecsOut());
    }

    private static void close(MemoryWire wire) {
        wire.client().abort();
        wire.run();
    }

    /** Returns a server with the listener, after as much of the bomb has arrived as the server reads. */
    private MemoryWire receiving(WebSocketListener listener) {
        NegotiatedExtension deflate = provider.accept(provider.offers().get(0));
        MemoryWire wire = MemoryWire.between(new WebSocketListener() {}, listener)
                .options(
                        ConnectionOptions.DEFAULT.withOutbound(1 << 22, 1 << 23),
                        ConnectionOptions.DEFAULT.withMaxMessageLength(LENGTH))
                .extensions(List.of(new Compressed()), List.of(meter, deflate))
                .open();
        wire.client().sendBinary(ByteBuffer.wrap(bomb));
        wire.run();
        return wire;
    }

    private static class Pieces implements StreamingListener {
        int pieces;
        long bytes;
        int messages;

        @Override
        public long initialDemand() {
            return 0;
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer data, boolean last) {
            pieces++;
            bytes += type == MessageType.BINARY ? data.remaining() : 0;
            messages += last ? 1 : 0;
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {}
    }

    /** Marks binary messages as compressed; the test has compressed them already. */
    private static final class Compressed implements NegotiatedExtension {
        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("permessage-deflate");
        }

        @Override
        public int rsv() {
            return FirstByte.RSV1;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Extension() {
                @Override
                public FrameHandler inbound(FrameHandler next) {
                    return next;
                }

                @Override
                public OutboundHandler outbound(OutboundHandler next) {
                    return (firstByte, payload, end, mode) -> next.onFrame(
                            firstByte.opcode() == Opcode.BINARY ? firstByte.withRsv(FirstByte.RSV1) : firstByte,
                            payload,
                            end,
                            mode);
                }

                @Override
                public void close() {}
            };
        }
    }

    /** An extension without support for demand: it counts the bytes and passes them on. */
    private static final class Meter implements NegotiatedExtension {
        private long handedOn;

        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("x-meter");
        }

        @Override
        public int rsv() {
            return 0;
        }

        @Override
        public boolean fragmentable() {
            return true;
        }

        @Override
        public Extension open(ExtensionContext context) {
            return new Extension() {
                @Override
                public FrameHandler inbound(FrameHandler next) {
                    return (firstByte, payload, end) -> {
                        handedOn += payload.remaining();
                        next.onFrame(firstByte, payload, end);
                    };
                }

                @Override
                public OutboundHandler outbound(OutboundHandler next) {
                    return next;
                }

                @Override
                public void close() {}
            };
        }
    }
}
