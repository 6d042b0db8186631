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
 * The codec of a client that sends long DATA frames, as browsers do. Netty's own cuts what several streams send at the same
 * time into frames of 1 KiB.
 */
final class LoadCodec extends Http2FrameCodec {
    static final int WINDOW = 1 << 20;
    private static final int LONGEST_FRAME = 16 * 1024;

    private LoadCodec(Http2ConnectionEncoder encoder, Http2ConnectionDecoder decoder, Http2Settings settings) {
        super(encoder, decoder, settings, false, true);
    }

    static LoadCodec create() {
        return new Builder().build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<LoadCodec, Builder> {
        Builder() {
            Http2Connection connection = new DefaultHttp2Connection(false);
            UniformStreamByteDistributor distributor = new UniformStreamByteDistributor(connection);
            distributor.minAllocationChunk(LONGEST_FRAME);
            connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, distributor));
            connection(connection);
            initialSettings(Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(WINDOW));
            gracefulShutdownTimeoutMillis(0);
        }

        @Override
        protected LoadCodec build() {
            return super.build();
        }

        @Override
        protected LoadCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new LoadCodec(encoder, decoder, settings);
        }
    }
}
