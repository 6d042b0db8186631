package dev.tenon.ws.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
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
import dev.tenon.ws.testkit.MemoryWire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages of the greatest allowed length, from peers whose compression makes them longer. */
class MessageLimitTest {
    private static final Extensions DEFLATE = Extensions.of(new PermessageDeflate(DeflateOptions.defaults()));

    /** Ways in which another implementation may compress: each message without context, into one frame. */
    private enum Peer {
        STORED(Deflater.NO_COMPRESSION, Deflater.DEFAULT_STRATEGY, Integer.MAX_VALUE),
        USUAL(6, Deflater.DEFAULT_STRATEGY, Integer.MAX_VALUE),
        HUFFMAN(6, Deflater.HUFFMAN_ONLY, Integer.MAX_VALUE),
        IN_SMALL_SEGMENTS(6, Deflater.DEFAULT_STRATEGY, 128),
        STORED_IN_SMALL_SEGMENTS(Deflater.NO_COMPRESSION, Deflater.DEFAULT_STRATEGY, 128);

        private final int level;
        private final int strategy;
        private final int segment;

        Peer(int level, int strategy, int segment) {
            this.level = level;
            this.strategy = strategy;
            this.segment = segment;
        }

        byte[] compress(byte[] message) {
            Deflater deflater = new Deflater(level, true);
            try {
                deflater.setStrategy(strategy);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                byte[] buffer = new byte[1000];
                out.write(buffer, 0, deflater.deflate(buffer)); // a call of its own applies the strategy
                int at = 0;
                do {
                    int length = Math.min(segment, message.length - at);
                    deflater.setInput(message, at, length);
                    at += length;
                    int produced;
                    do {
                        produced = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                        out.write(buffer, 0, produced);
                    } while (produced > 0);
                } while (at < message.length);
                byte[] all = out.toByteArray();
                return Arrays.copyOf(all, all.length - 4); // RFC 7692 §7.2.1
            } finally {
                deflater.end();
            }
        }
    }

    /** The peer's end of the extension. */
    private record ForeignExtension(ExtensionOffer agreed, Peer peer, List<Integer> frames)
            implements NegotiatedExtension {
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
                    return (firstByte, payload, endOfFrame, mode) -> {
                        if (firstByte.opcode().isControl()) {
                            next.onFrame(firstByte, payload, endOfFrame, mode);
                            return;
                        }
                        byte[] message = new byte[payload.remaining()];
                        payload.get(message);
                        byte[] compressed = peer.compress(message);
                        frames.add(compressed.length);
                        next.onFrame(firstByte.withRsv(FirstByte.RSV1), ByteBuffer.wrap(compressed), true, mode);
                    };
                }

                @Override
                public void close() {}
            };
        }
    }

    private static final class RecordingListener implements WebSocketListener {
        final List<String> log = new ArrayList<>();

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            log.add(data.remaining() + " bytes, hash " + data.hashCode());
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            log.add("close " + event.code().value());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOfExactlyTheLimitIsAcceptedAndNoLongerOne(Peer peer) {
        boolean grew = false;
        for (int limit : new int[] {1, 10, 125, 1000, 70_000, 1 << 20}) {
            byte[] message = Payloads.noise(limit, new Random(limit));
            RecordingListener notes = new RecordingListener();
            List<Integer> frames = new ArrayList<>();
            MemoryWire wire = wire(peer, limit, notes, frames);
            wire.client().sendBinary(ByteBuffer.wrap(message));
            wire.run();
            String expected = limit + " bytes, hash " + ByteBuffer.wrap(message).hashCode();
            assertEquals(List.of(expected), notes.log);
            grew |= frames.get(0) > limit;
            wire.client().sendBinary(ByteBuffer.allocate(limit + 1));
            wire.run();
            assertEquals(List.of(expected, "close 1009"), notes.log);
        }
        assertTrue(grew, "no message has become longer");
    }

    @Test
    void theRoomForGrowthIsNotForUncompressedMessages() {
        RecordingListener notes = new RecordingListener();
        List<NegotiatedExtension> response = DEFLATE.accept(DEFLATE.offers());
        MemoryWire wire = MemoryWire.between(new RecordingListener(), notes)
                .options(ConnectionOptions.DEFAULT.withMaxMessageLength(1000))
                .extensions(List.of(), response)
                .open();
        wire.client().sendBinary(ByteBuffer.allocate(1001));
        wire.run();
        assertEquals(List.of("close 1009"), notes.log);
    }

    private static MemoryWire wire(Peer peer, int limit, RecordingListener server, List<Integer> frames) {
        List<NegotiatedExtension> response = DEFLATE.accept(DEFLATE.offers());
        return MemoryWire.between(new RecordingListener(), server)
                .options(
                        ConnectionOptions.DEFAULT.withOutbound(1 << 22, 1 << 23).withFragmentLength(Integer.MAX_VALUE),
                        ConnectionOptions.DEFAULT.withMaxMessageLength(limit))
                .extensions(List.of(new ForeignExtension(response.get(0).agreed(), peer, frames)), response)
                .open();
    }
}
