package dev.tenon.ws.benchmarks.codec;

import org.openjdk.jmh.infra.Blackhole;

/** The lower bound: only a {@link System#arraycopy} of the payload. */
final class ArrayCopy implements Codec {
    private final byte[] from;
    private final byte[] to;

    ArrayCopy(Workload workload) {
        from = workload.payload;
        to = new byte[from.length];
    }

    @Override
    public void decode(Blackhole hole) {
        encode(hole);
    }

    @Override
    public void encode(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            System.arraycopy(from, 0, to, 0, from.length);
            hole.consume(to);
        }
    }

    @Override
    public byte[] decodeFirst() {
        return from;
    }
}
