package dev.tenon.ws.benchmarks.codec;

import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.Framedata;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Java-WebSocket's {@code Draft_6455}, on heap buffers as its own sockets use them. Encoding copies into a new array.
 */
final class JavaWebSocketCodec implements Codec {
    private final Workload workload;
    private final Draft_6455 draft = new Draft_6455(List.of(), 1 << 24);
    private final ByteBuffer wire;

    JavaWebSocketCodec(Workload workload) {
        this.workload = workload;
        draft.setParseMode(workload.masked ? Role.CLIENT : Role.SERVER); // decides whether sent frames are masked
        wire = ByteBuffer.wrap(workload.wire.clone());
    }

    @Override
    public void decode(Blackhole hole) throws Exception {
        for (int round = 0; round < workload.rounds; round++) {
            wire.clear();
            for (Framedata frame : draft.translateFrame(wire)) {
                hole.consume(frame.getPayloadData());
            }
        }
    }

    @Override
    public void encode(Blackhole hole) {
        for (int i = 0; i < Workload.FRAMES; i++) {
            BinaryFrame frame = new BinaryFrame();
            frame.setPayload(ByteBuffer.wrap(workload.payload));
            hole.consume(draft.createBinaryFrame(frame));
        }
    }

    @Override
    public byte[] decodeFirst() throws Exception {
        ByteBuffer payload = draft.translateFrame(wire).get(0).getPayloadData();
        byte[] first = new byte[payload.remaining()];
        payload.get(first);
        return first;
    }
}
