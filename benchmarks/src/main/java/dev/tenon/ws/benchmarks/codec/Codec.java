package dev.tenon.ws.benchmarks.codec;

import org.openjdk.jmh.infra.Blackhole;

/** One library's codec, called as directly as possible. Each call handles {@link Workload#FRAMES} frames. */
interface Codec {
    /** Passes every payload to the black hole, unmasked. */
    void decode(Blackhole hole) throws Exception;

    /** Passes the outbound bytes to the black hole. */
    void encode(Blackhole hole) throws Exception;

    /** The payload of the first frame, for the check before a run. */
    byte[] decodeFirst() throws Exception;

    static Codec of(String name, Workload workload) {
        return switch (name) {
            case "tenon-heap" -> new TenonCodec(workload, false);
            case "tenon-direct" -> new TenonCodec(workload, true);
            case "netty" -> new NettyCodec(workload);
            case "jetty" -> new JettyCodec(workload);
            case "java-websocket" -> new JavaWebSocketCodec(workload);
            case "arraycopy" -> new ArrayCopy(workload);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
