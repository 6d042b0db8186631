package dev.tenon.ws.benchmarks.carriers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The least that any server over Netty does for an echo: it reads nothing of a frame but its length, copies the payload without
 * unmasking it, and writes all answers to a read, or to a DATA frame, in one buffer. By HTTP/1.1 it accepts the handshake of
 * {@link Http1LoadHandler} only. For payloads of less than 64 KiB.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the load sees what does not come back
final class BareEcho extends ByteToMessageDecoder {
    private static final String RESPONSE = String.join(
            "\r\n",
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
            "",
            "");

    private boolean open;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> unused) {
        if (open) {
            ByteBuf answers = answers(context, input);
            if (answers != null) {
                context.writeAndFlush(answers, context.voidPromise());
            }
        } else if (input.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            input.skipBytes(input.readableBytes());
            open = true;
            context.writeAndFlush(ByteBufUtil.writeAscii(context.alloc(), RESPONSE));
        }
    }

    private static @Nullable ByteBuf answers(ChannelHandlerContext context, ByteBuf input) {
        ByteBuf answers = null;
        while (input.readableBytes() >= 4) {
            int start = input.readerIndex();
            int length = input.getByte(start + 1) & 0x7F;
            int header = length < 126 ? 2 : 4;
            length = header == 2 ? length : input.getUnsignedShort(start + 2);
            int all = header + 4 + length; // with the masking key
            if (input.readableBytes() < all) {
                break;
            }
            if (answers == null) {
                answers = context.alloc().ioBuffer(input.readableBytes());
            }
            answers.writeByte(0x82);
            if (header == 2) {
                answers.writeByte(length);
            } else {
                answers.writeByte(126).writeShort(length);
            }
            answers.writeBytes(input, start + header + 4, length);
            input.skipBytes(all);
        }
        return answers;
    }

    /** The same in a stream of HTTP/2. */
    static final class OfStream extends ChannelInboundHandlerAdapter {
        private ByteBuf rest = Unpooled.EMPTY_BUFFER;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2DataFrame data) {
                ByteBuf input = rest.isReadable() ? Unpooled.wrappedBuffer(rest, data.content()) : data.content();
                ByteBuf answers = answers(context, input);
                rest = input.isReadable() ? input : Unpooled.EMPTY_BUFFER;
                if (!input.isReadable()) {
                    input.release();
                }
                if (answers != null) {
                    context.write(new DefaultHttp2DataFrame(answers));
                }
            } else if (message instanceof Http2HeadersFrame) {
                context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }
}
