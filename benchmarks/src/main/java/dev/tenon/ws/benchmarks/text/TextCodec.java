package dev.tenon.ws.benchmarks.text;

/** One library on the way from bytes to text. */
interface TextCodec {
    /** Takes one masked text frame, as it comes from a socket, and gives the text. */
    String receive(byte[] frame) throws Exception;

    static TextCodec of(String name, int capacity) {
        return switch (name) {
            case "tenon" -> new TenonText(capacity);
            case "netty" -> new NettyText(capacity);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
