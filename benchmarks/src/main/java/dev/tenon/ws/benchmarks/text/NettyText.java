package dev.tenon.ws.benchmarks.text;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.ArrayList;
import java.util.List;

/** Netty's frame decoder, called without a pipeline, and the text of its frame. Nothing checks that it is UTF-8. */
final class NettyText implements TextCodec {
    private final Decoder decoder = new Decoder();
    private final ChannelHandlerContext context =
            new EmbeddedChannel(decoder).pipeline().context(decoder);
    private final ByteBuf input;
    private final List<Object> out = new ArrayList<>();

    NettyText(int capacity) {
        input = Unpooled.directBuffer(capacity);
    }

    @Override
    public String receive(byte[] frame) throws Exception {
        input.clear().writeBytes(frame);
        while (out.isEmpty()) {
            decoder.decode(context, input, out);
        }
        TextWebSocketFrame message = (TextWebSocketFrame) out.get(0);
        out.clear();
        String text = message.text();
        message.release();
        return text;
    }

    private static final class Decoder extends WebSocket13FrameDecoder {
        Decoder() {
            super(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .maxFramePayloadLength(1 << 20)
                    .build());
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            super.decode(context, in, out);
        }
    }
}
