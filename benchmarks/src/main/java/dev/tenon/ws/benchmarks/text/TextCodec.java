package dev.tenon.ws.benchmarks.text;

/** Decodes text frames with one library. */
interface TextCodec {
    /** Reads one masked text frame, as it comes from a socket, and returns the text. */
    String receive(byte[] frame) throws Exception;

    static TextCodec of(String name, int capacity) {
        return switch (name) {
            case "tenon" -> new TenonText(capacity);
            case "netty" -> new NettyText(capacity);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
