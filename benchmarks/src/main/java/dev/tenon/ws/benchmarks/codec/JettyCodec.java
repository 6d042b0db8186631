package dev.tenon.ws.benchmarks.codec;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.internal.Generator;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.openjdk.jmh.infra.Blackhole;

/** Jetty's parser and generator. Encoding writes a whole frame into one buffer. */
final class JettyCodec implements Codec {
    private final Workload workload;
    private final Parser parser;
    private final Generator generator = new Generator();
    private final ByteBuffer wire;
    private final ByteBuffer payload;
    private final ByteBuffer output;

    JettyCodec(Workload workload) {
        this.workload = workload;
        Configuration.ConfigurationCustomizer configuration = new Configuration.ConfigurationCustomizer();
        configuration.setMaxFrameSize(1 << 24);
        configuration.setAutoFragment(false);
        parser = new Parser(new ArrayByteBufferPool(), configuration);
        wire = Workload.direct(workload.wire);
        payload = Workload.direct(workload.payload);
        output = ByteBuffer.allocateDirect(workload.payload.length + 64);
    }

    @Override
    public void decode(Blackhole hole) throws Exception {
        for (int round = 0; round < workload.rounds; round++) {
            wire.clear();
            for (Frame.Parsed frame = parser.parse(wire); frame != null; frame = parser.parse(wire)) {
                hole.consume(frame.getPayload());
                frame.close();
            }
        }
    }

    @Override
    public void encode(Blackhole hole) {
        for (int i = 0; i < Workload.FRAMES; i++) {
            Frame frame = new Frame(OpCode.BINARY, payload.duplicate());
            if (workload.masked) {
                frame.setMask(new byte[] {1, 2, 3, (byte) i});
            }
            BufferUtil.clear(output);
            generator.generateWholeFrame(frame, output);
            hole.consume(output);
        }
    }

    @Override
    public byte[] decodeFirst() throws Exception {
        Frame.Parsed frame = parser.parse(wire);
        byte[] first = new byte[frame.getPayload().remaining()];
        frame.getPayload().get(first);
        frame.close();
        return first;
    }
}
