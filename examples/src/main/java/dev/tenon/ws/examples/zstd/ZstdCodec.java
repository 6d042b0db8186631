package dev.tenon.ws.examples.zstd;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.extension.ThreadResources;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one connection.
 *
 * <pre>
 *   without takeover   a whole Zstandard frame for each message
 *   with takeover      1, then the beginning of a frame that later messages go on with
 *                      0, then more of it
 * </pre>
 *
 * <p>With takeover each direction has a native context of its own, made with the first message. For one thread at a time.
 */
final class ZstdCodec implements MessageCodec {
    private static final byte CONTINUES = 0;
    private static final byte BEGINS = 1;

    private final PermessageZstd provider;
    private final boolean takeover;
    private final ThreadResources thread;
    private @Nullable ZstdCompressCtx ownCompressor;
    private @Nullable ZstdDecompressCtx ownDecompressor;
    /** The next message to send begins a frame. */
    private boolean begins = true;

    ZstdCodec(PermessageZstd provider, boolean takeover, ThreadResources thread) {
        this.provider = provider;
        this.takeover = takeover;
        this.thread = thread;
    }

    private ZstdContexts shared() {
        return thread.get(provider, ZstdContexts.class, () -> new ZstdContexts(provider));
    }

    @Override
    public @Nullable ByteBuffer encode(ByteBuffer message, SendMode mode) {
        if (mode == SendMode.UNCOMPRESSED || !message.hasRemaining()) {
            return null;
        }
        ZstdContexts shared = shared();
        ZstdCompressCtx compressor = compressor(shared);
        ZstdOutput encoded =
                new ZstdOutput(message.remaining() - 1); // a message that does not become smaller is sent uncompressed
        if (takeover) {
            encoded.add(begins ? BEGINS : CONTINUES);
        }
        if (begins || !takeover) {
            provider.restart(compressor);
        }
        begins = !compress(compressor, shared, message, encoded);
        return begins ? null : encoded.bytes();
    }

    private ZstdCompressCtx compressor(ZstdContexts shared) {
        if (!takeover) {
            return shared.compressor();
        }
        if (ownCompressor == null) {
            ownCompressor = provider.compressor();
        }
        return ownCompressor;
    }

    /** Returns whether the result fits; if not, the compressor's context differs from that of the peer. */
    private boolean compress(ZstdCompressCtx compressor, ZstdContexts shared, ByteBuffer message, ZstdOutput encoded) {
        ByteBuffer input = shared.input;
        ByteBuffer output = shared.output;
        do {
            move(message, input.clear());
            EndDirective end =
                    message.hasRemaining() ? EndDirective.CONTINUE : takeover ? EndDirective.FLUSH : EndDirective.END;
            boolean done;
            do {
                done = compressor.compressDirectByteBufferStream(output.clear(), input, end);
                if (!encoded.addIfRoom(output.flip())) {
                    return false;
                }
            } while (end == EndDirective.CONTINUE ? input.hasRemaining() : !done);
        } while (message.hasRemaining());
        return true;
    }

    @Override
    public ByteBuffer decode(ByteBuffer message, long maxLength) {
        ZstdContexts shared = shared();
        ZstdDecompressCtx decompressor = decompressor(shared, message);
        ZstdOutput decoded = new ZstdOutput(maxLength);
        boolean whole;
        try {
            whole = decompress(decompressor, shared, message, decoded);
        } catch (ZstdException e) {
            throw ZstdFrameHeader.MALFORMED.toException();
        }
        if (whole == takeover) { // with takeover a message is a part of a frame that continues, otherwise a whole frame
            throw ZstdFrameHeader.MALFORMED.toException();
        }
        return decoded.bytes();
    }

    private ZstdDecompressCtx decompressor(ZstdContexts shared, ByteBuffer message) {
        if (!takeover) {
            ZstdFrameHeader.verify(message);
            provider.restart(shared.decompressor());
            return shared.decompressor();
        }
        byte kind = message.hasRemaining() ? message.get() : -1;
        ZstdDecompressCtx own = ownDecompressor;
        if (kind == CONTINUES && own != null) {
            return own;
        }
        if (kind != BEGINS) {
            throw ZstdFrameHeader.MALFORMED.toException();
        }
        ZstdFrameHeader.verify(message);
        if (own == null) {
            own = provider.decompressor();
            ownDecompressor = own;
        }
        provider.restart(own);
        return own;
    }

    /** Returns whether the frame has ended, exactly at the end of the message. */
    private static boolean decompress(
            ZstdDecompressCtx decompressor, ZstdContexts shared, ByteBuffer message, ZstdOutput decoded) {
        ByteBuffer input = shared.input;
        ByteBuffer output = shared.output;
        boolean ended = false;
        while (message.hasRemaining() && !ended) {
            move(message, input.clear());
            boolean full;
            do {
                ended = decompressor.decompressDirectByteBufferStream(output.clear(), input);
                full = !output.hasRemaining();
                if (!decoded.addIfRoom(output.flip())) {
                    throw MessageCodec.tooLong();
                }
            } while (!ended && (full || input.hasRemaining()));
        }
        if (ended && (input.hasRemaining() || message.hasRemaining())) {
            throw ZstdFrameHeader.MALFORMED.toException();
        }
        return ended;
    }

    /** Moves as many bytes of a message as fit, and prepares the buffer for reading. */
    private static void move(ByteBuffer message, ByteBuffer to) {
        int end = message.limit();
        message.limit(message.position() + Math.min(message.remaining(), to.remaining()));
        to.put(message).flip();
        message.limit(end);
    }

    /** All connections with the same provider and parameters begin a frame in the same way. */
    @Override
    public Optional<Object> sharingKey() {
        return Optional.of(List.of(provider, takeover));
    }

    @Override
    public void forgetOutbound() {
        begins = true;
    }

    @Override
    public void close() {
        if (ownCompressor != null) {
            provider.close(ownCompressor);
        }
        if (ownDecompressor != null) {
            provider.close(ownDecompressor);
        }
    }
}
