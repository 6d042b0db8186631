package dev.tenon.ws.benchmarks.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Netty's decoder and encoder without a pipeline. Encoding copies short payloads behind the header and passes on long
 * ones.
 */
final class NettyCodec implements Codec {
    private final Workload workload;
    private final Decoder decoder;
    private final Encoder encoder;
    private final ChannelHandlerContext decoding;
    private final ChannelHandlerContext encoding;
    private final ByteBuf wire;
    private final ByteBuf payload;
    private final List<Object> out = new ArrayList<>();

    NettyCodec(Workload workload) {
        this.workload = workload;
        decoder = new Decoder(workload.masked);
        encoder = new Encoder(workload.masked);
        decoding = new EmbeddedChannel(decoder).pipeline().context(decoder);
        encoding = new EmbeddedChannel(encoder).pipeline().context(encoder);
        wire = Unpooled.directBuffer(workload.wire.length).writeBytes(workload.wire);
        payload = Unpooled.directBuffer(workload.payload.length).writeBytes(workload.payload);
    }

    private WebSocketFrame next() throws Exception {
        while (out.isEmpty()) {
            decoder.decode(decoding, wire, out);
        }
        WebSocketFrame frame = (WebSocketFrame) out.get(0);
        out.clear();
        return frame;
    }

    @Override
    public void decode(Blackhole hole) throws Exception {
        for (int round = 0; round < workload.rounds; round++) {
            wire.readerIndex(0);
            while (wire.isReadable()) {
                WebSocketFrame frame = next();
                hole.consume(frame.content());
                frame.release();
            }
        }
    }

    @Override
    public void encode(Blackhole hole) throws Exception {
        for (int i = 0; i < Workload.FRAMES; i++) {
            WebSocketFrame frame = new BinaryWebSocketFrame(payload.retainedDuplicate());
            encoder.encode(encoding, frame, out);
            frame.release();
            for (Object part : out) {
                hole.consume(part);
                ((ByteBuf) part).release();
            }
            out.clear();
        }
    }

    @Override
    public byte[] decodeFirst() throws Exception {
        WebSocketFrame frame = next();
        byte[] first = new byte[frame.content().readableBytes()];
        frame.content().readBytes(first);
        frame.release();
        return first;
    }

    private static final class Decoder extends WebSocket13FrameDecoder {
        Decoder(boolean masked) {
            super(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(masked)
                    .maxFramePayloadLength(1 << 24)
                    .build());
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            super.decode(context, in, out);
        }
    }

    private static final class Encoder extends WebSocket13FrameEncoder {
        Encoder(boolean masked) {
            super(masked);
        }

        @Override
        protected void encode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) throws Exception {
            super.encode(context, frame, out);
        }
    }
}
