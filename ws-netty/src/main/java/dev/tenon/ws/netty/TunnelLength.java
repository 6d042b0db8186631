package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.logging.LogLevel;

/**
 * Drops {@code Content-Length} from an extended CONNECT and from a 2xx response to one. A CONNECT has no content, and a
 * client must ignore the field in such a response (RFC 9110 §9.3.6), but Netty's codecs count the bytes of the WebSocket
 * against it. HAProxy passes on the {@code Content-Length: 0} of the JDK's client, and Jetty 12.1.9 responds with one.
 */
final class TunnelLength {
    private static final String CONTENT_LENGTH = "content-length";

    private TunnelLength() {}

    private static void drop(Headers<CharSequence, CharSequence, ?> head) {
        CharSequence length = head.get(CONTENT_LENGTH);
        if (length == null) {
            return;
        }
        CharSequence status = head.get(":status");
        boolean ofTunnel = status == null
                ? head.contains(":protocol") && "0".contentEquals(length)
                : status.length() > 0 && status.charAt(0) == '2';
        if (ofTunnel) {
            head.remove(CONTENT_LENGTH);
        }
    }

    /** For HTTP/2: of all that Netty's codec can be given, only a logger is shown the head before the codec reads it. */
    static final class OfHttp2 extends Http2FrameLogger {
        static final OfHttp2 FILTER = new OfHttp2();

        private OfHttp2() {
            super(LogLevel.TRACE, TunnelLength.class);
        }

        @Override
        public void logHeaders(
                Direction direction,
                ChannelHandlerContext context,
                int stream,
                Http2Headers head,
                int padding,
                boolean endOfStream) {
            super.logHeaders(direction, context, stream, head, padding, endOfStream);
            filter(direction, head);
        }

        @Override
        public void logHeaders(
                Direction direction,
                ChannelHandlerContext context,
                int stream,
                Http2Headers head,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            super.logHeaders(direction, context, stream, head, dependency, weight, exclusive, padding, endOfStream);
            filter(direction, head);
        }

        private static void filter(Direction direction, Http2Headers head) {
            if (direction == Direction.INBOUND) {
                drop(head);
            }
        }
    }

    /** For HTTP/3: is in the pipeline of a stream, between the codec and the handler that counts. */
    static final class OfHttp3 extends ChannelInboundHandlerAdapter {
        /** Adds the handler behind the first handler of the pipeline, which is the codec. */
        static void addTo(ChannelPipeline ofStream) {
            ofStream.addAfter(ofStream.firstContext().name(), null, new OfHttp3());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http3HeadersFrame head) {
                drop(head.headers());
            }
            context.fireChannelRead(message);
        }
    }
}
