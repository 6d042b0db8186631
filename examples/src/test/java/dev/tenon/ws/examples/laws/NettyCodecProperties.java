package dev.tenon.ws.examples.laws;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.testkit.CodecLaws;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The laws of frames, for the codec of another project. */
class NettyCodecProperties extends CodecLaws {
    @Override
    protected Consumer<ByteBuffer> decoder(Role receiver, int maxPayload, Consumer<Frame> frames) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(receiver == Role.SERVER)
                .allowMaskMismatch(false)
                .maxFramePayloadLength(maxPayload)
                .closeOnProtocolViolation(false)
                .build()));
        return input -> {
            try {
                channel.writeInbound(Unpooled.copiedBuffer(input));
            } finally {
                WebSocketFrame frame;
                while ((frame = channel.readInbound()) != null) {
                    frames.accept(new Frame(
                            FirstByte.of(frame.isFinalFragment(), opcode(frame)).withRsv(frame.rsv()),
                            frame.content().nioBuffer()));
                    frame.release();
                }
            }
        };
    }

    private static Opcode opcode(WebSocketFrame frame) {
        return frame instanceof TextWebSocketFrame
                ? Opcode.TEXT
                : frame instanceof BinaryWebSocketFrame
                        ? Opcode.BINARY
                        : frame instanceof PingWebSocketFrame
                                ? Opcode.PING
                                : frame instanceof PongWebSocketFrame
                                        ? Opcode.PONG
                                        : frame instanceof CloseWebSocketFrame ? Opcode.CLOSE : Opcode.CONTINUATION;
    }

    @Override
    protected ByteBuffer encode(Frame frame, Role sender) {
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameEncoder(sender == Role.CLIENT));
        channel.writeOutbound(frame(frame));
        ByteBuf all = Unpooled.buffer();
        ByteBuf part;
        while ((part = channel.readOutbound()) != null) {
            all.writeBytes(part);
            part.release();
        }
        return all.nioBuffer();
    }

    private static WebSocketFrame frame(Frame frame) {
        boolean fin = frame.firstByte().fin();
        ByteBuf payload = Unpooled.copiedBuffer(frame.payload());
        return switch (frame.firstByte().opcode()) {
            case TEXT -> new TextWebSocketFrame(fin, 0, payload);
            case BINARY -> new BinaryWebSocketFrame(fin, 0, payload);
            case CLOSE -> new CloseWebSocketFrame(fin, 0, payload);
            case PING -> new PingWebSocketFrame(fin, 0, payload);
            case PONG -> new PongWebSocketFrame(fin, 0, payload);
            default -> new ContinuationWebSocketFrame(fin, 0, payload);
        };
    }

    @Override
    protected @Nullable CloseCode closeCode(RuntimeException thrown) {
        return thrown instanceof CorruptedWebSocketFrameException corrupted
                ? new CloseCode(corrupted.closeStatus().code())
                : null;
    }
}
