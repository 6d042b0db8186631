package dev.tenon.ws.benchmarks.codec;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** Encoding writes header and payload into one buffer. */
final class TenonCodec implements Codec {
    private static final FirstByte HEADER = FirstByte.of(true, Opcode.BINARY);

    private final Workload workload;
    private final ByteBuffer wire;
    private final ByteBuffer payload;
    private final ByteBuffer output;
    private final FrameDecoder decoder;
    private final FrameEncoder encoder;
    private final FrameHandler handler = this::consume;
    private @Nullable Blackhole hole;

    TenonCodec(Workload workload, boolean direct) {
        this.workload = workload;
        wire = direct ? Workload.direct(workload.wire) : ByteBuffer.wrap(workload.wire.clone());
        payload = direct ? Workload.direct(workload.payload) : ByteBuffer.wrap(workload.payload);
        int room = FrameEncoder.MAX_HEADER_LENGTH + workload.payload.length;
        output = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
        decoder = new FrameDecoder(FrameRules.receivedBy(workload.masked ? Role.SERVER : Role.CLIENT));
        encoder = workload.masked ? FrameEncoder.masking(MaskingKeys.secure()) : FrameEncoder.unmasked();
    }

    @Override
    public void decode(Blackhole hole) {
        this.hole = hole;
        for (int round = 0; round < workload.rounds; round++) {
            wire.clear();
            while (decoder.decode(wire, handler)) {
                // all frames of the round
            }
        }
    }

    private void consume(FirstByte firstByte, ByteBuffer piece, boolean endOfFrame) {
        if (hole != null) {
            hole.consume(piece);
        }
    }

    @Override
    public void encode(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            encoder.encode(HEADER, payload.clear(), output.clear());
            hole.consume(output);
        }
    }

    @Override
    public byte[] decodeFirst() {
        byte[] first = new byte[payload.capacity()];
        decoder.decode(wire, (firstByte, piece, end) -> piece.get(first));
        return first;
    }
}
