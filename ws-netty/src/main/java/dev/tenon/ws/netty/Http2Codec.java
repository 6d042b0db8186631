package dev.tenon.ws.netty;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Netty's codec of HTTP/2 for a server that announces the extended CONNECT method (RFC 8441 §3). It holds less memory
 * than the codec of Netty's own builder, and has the same limits against peers that flood it. Its streams share the
 * connection equally: it ignores priorities, which RFC 9113 §5.3 deprecates. It does not announce a smaller header
 * table: clients that never use the table fail to confirm that (RFC 7541 §4.2).
 */
final class Http2Codec extends Http2FrameCodec {
    /** Shared by all connections. No codec changes its settings. */
    private static final Http2Settings SETTINGS = Http2Settings.defaultSettings()
            .connectProtocolEnabled(true)
            .initialWindowSize(ExtendedConnect.STREAM_WINDOW)
            .maxConcurrentStreams(ExtendedConnect.MAX_STREAMS)
            .maxHeaderListSize(HttpHeads.LONGEST_READ);

    /** A stream sends so much at a time if it has so much. Netty's distributors cut shared output into frames of 1 KiB. */
    private static final int LONGEST_FRAME = 16 * 1024;

    private Http2Codec(Http2ConnectionEncoder encoder, Http2ConnectionDecoder decoder, Http2Settings settings) {
        super(encoder, decoder, settings, false, true);
    }

    /** Creates a codec for one connection. */
    static Http2Codec ofServer() {
        return new Builder().build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Codec, Builder> {
        Builder() {
            connection(newConnection());
            initialSettings(SETTINGS);
            frameLogger(TunnelLength.OfHttp2.FILTER);
            gracefulShutdownTimeoutMillis(0);
        }

        private static Http2Connection newConnection() {
            Http2Connection connection = new DefaultHttp2Connection(true);
            UniformStreamByteDistributor distributor = new UniformStreamByteDistributor(connection);
            distributor.minAllocationChunk(LONGEST_FRAME);
            connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, distributor));
            return connection;
        }

        @Override
        protected Http2Codec build() {
            return super.build();
        }

        @Override
        protected Http2Codec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2Codec(encoder, decoder, settings);
        }
    }
}
