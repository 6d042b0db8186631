package dev.tenon.ws.benchmarks.deflate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The lower bound: the JDK's zlib alone, one deflater and inflater for all messages, with or without a reset before
 * each message.
 */
final class ZlibCompression implements Compression {
    private static final int TAIL = 4;

    private final boolean takeover;
    private final ByteBuffer[] messages;
    private final ByteBuffer[] compressed = new ByteBuffer[Messages.COUNT];
    private final Deflater deflater = new Deflater(LEVEL, true);
    private final Inflater inflater = new Inflater(true);
    private final ByteBuffer output = ByteBuffer.allocateDirect(64 * 1024);

    ZlibCompression(boolean takeover, ByteBuffer[] messages) {
        this.takeover = takeover;
        this.messages = messages;
        for (int i = 0; i < messages.length; i++) {
            deflate(messages[i]);
            byte[] bytes = new byte[output.flip().remaining()];
            output.get(bytes);
            compressed[i] = Messages.direct(bytes);
        }
        deflater.reset();
    }

    private void deflate(ByteBuffer message) {
        if (!takeover) {
            deflater.reset();
        }
        deflater.setInput(message.clear());
        deflater.deflate(output.clear(), Deflater.SYNC_FLUSH);
    }

    private void inflate(ByteBuffer message) {
        if (!takeover) {
            inflater.reset();
        }
        inflater.setInput(message.clear());
        try {
            inflater.inflate(output.clear());
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void compress(Blackhole hole) {
        for (ByteBuffer message : messages) {
            deflate(message);
            hole.consume(output);
        }
    }

    @Override
    public void decompress(Blackhole hole) {
        for (ByteBuffer message : compressed) {
            inflate(message);
            hole.consume(output);
        }
    }

    @Override
    public ByteBuffer first() {
        inflate(compressed[0]);
        return output.flip();
    }

    @Override
    public double compressedSize() {
        return Arrays.stream(compressed)
                        .mapToInt(each -> each.capacity() - TAIL)
                        .sum()
                / (double) Messages.COUNT;
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
