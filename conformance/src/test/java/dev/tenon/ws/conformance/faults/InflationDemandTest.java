package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener requests pieces of 200 MB, which arrive over a socket as 200 KB of compressed data. */
@Timeout(120)
class InflationDemandTest {
    private static final int LENGTH = 200_000_000;
    /** 64 KiB and one piece; see the README of ws-connection. */
    private static final int MOST_HELD = 80 * 1024;

    /** Counts what the extension has passed on, and what the listener has received of it. Only the loop writes it. */
    private static final class Meter implements StreamingListener {
        final CompletableFuture<WebSocket> open = new CompletableFuture<>();
        final CountDownLatch inflating = new CountDownLatch(1);
        final CountDownLatch some = new CountDownLatch(10);
        final CompletableFuture<Long> all = new CompletableFuture<>();
        private long handedOn;
        private long taken;
        private volatile long mostHeld;

        void handedOn(int bytes) {
            handedOn += bytes;
            inflating.countDown();
        }

        void handedOver() {
            mostHeld = Math.max(mostHeld, handedOn - taken);
        }

        /** Meters what an extension passes on. */
        Extension meter(Extension opened) {
            return new Extension() {
                @Override
                public FrameHandler inbound(FrameHandler next) {
                    return opened.inbound(new FrameHandler() {
                        @Override
                        public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
                            handedOn(payload.remaining());
                            next.onFrame(firstByte, payload, endOfFrame);
                            handedOver();
                        }

                        @Override
                        public boolean isReady() {
                            return next.isReady();
                        }
                    });
                }

                @Override
                public OutboundHandler outbound(OutboundHandler next) {
                    return opened.outbound(next);
                }

                @Override
                public void close() {
                    opened.close();
                }
            };
        }

        @Override
        public long initialDemand() {
            return 0;
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            open.complete(webSocket);
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer data, boolean last) {
            taken += data.remaining();
            some.countDown();
            if (last) {
                all.complete(taken);
            }
        }
    }

    @Test
    void onlyRequestedPiecesAreInflated() throws Exception {
        Meter meter = new Meter();
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .loops(1)
                        .options(ConnectionOptions.DEFAULT.withMaxMessageLength(LENGTH))
                        .extensions(Extensions.of(new ObservedDeflate(meter::meter)))
                        .route("/ws", upgrade -> upgrade.accept(meter))
                        .start();
                RawPeer peer = RawPeer.open(server.port(), null, "Sec-WebSocket-Extensions: permessage-deflate")) {
            peer.socket.getOutputStream().write(frame(bomb()));
            WebSocket webSocket = meter.open.get(60, TimeUnit.SECONDS);
            assertTrue(meter.inflating.await(60, TimeUnit.SECONDS));
            webSocket.request(10);
            assertTrue(meter.some.await(60, TimeUnit.SECONDS));
            webSocket.request(Long.MAX_VALUE);
            assertEquals(LENGTH, meter.all.get(60, TimeUnit.SECONDS));
            assertTrue(meter.mostHeld <= MOST_HELD, () -> meter.mostHeld + " bytes were held");
        }
    }

    private static byte[] frame(byte[] payload) {
        FrameEncoder encoder = FrameEncoder.masking(MaskingKeys.secure());
        ByteBuffer frame = ByteBuffer.allocate(payload.length + FrameEncoder.MAX_HEADER_LENGTH);
        FirstByte firstByte = FirstByte.of(true, Opcode.BINARY).withRsv(FirstByte.RSV1);
        encoder.encode(firstByte, ByteBuffer.wrap(payload), frame);
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] bomb() {
        Deflater deflater = new Deflater(6, true);
        ByteBuffer compressed = ByteBuffer.allocate(LENGTH / 500);
        byte[] zeros = new byte[1_000_000];
        for (int i = 0; i < LENGTH / zeros.length; i++) {
            deflater.setInput(zeros);
            deflater.deflate(compressed, i == LENGTH / zeros.length - 1 ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
        }
        deflater.end();
        byte[] bytes = new byte[compressed.flip().remaining() - 4];
        compressed.get(bytes);
        return bytes;
    }
}
