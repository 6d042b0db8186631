package dev.tenon.ws.benchmarks.carriers;

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
 * Netty's codec of HTTP/2, set to send long DATA frames, as browsers do. By default it cuts what several streams send at the same
 * time into frames of 1 KiB.
 */
final class LongFrameCodec extends Http2FrameCodec {
    static final int WINDOW = 1 << 20;
    private static final int LONGEST_FRAME = 16 * 1024;

    private LongFrameCodec(Http2ConnectionEncoder encoder, Http2ConnectionDecoder decoder, Http2Settings settings) {
        super(encoder, decoder, settings, false, true);
    }

    static LongFrameCodec ofClient() {
        Http2Settings settings = Http2Settings.defaultSettings().pushEnabled(false);
        return new Builder(false, settings.initialWindowSize(WINDOW)).build();
    }

    static LongFrameCodec ofServer() {
        return new Builder(true, Http2Settings.defaultSettings().connectProtocolEnabled(true)).build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<LongFrameCodec, Builder> {
        Builder(boolean server, Http2Settings settings) {
            Http2Connection connection = new DefaultHttp2Connection(server);
            UniformStreamByteDistributor distributor = new UniformStreamByteDistributor(connection);
            distributor.minAllocationChunk(LONGEST_FRAME);
            connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, distributor));
            connection(connection);
            initialSettings(settings);
            gracefulShutdownTimeoutMillis(0);
        }

        @Override
        protected LongFrameCodec build() {
            return super.build();
        }

        @Override
        protected LongFrameCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new LongFrameCodec(encoder, decoder, settings);
        }
    }
}
