package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent to many connections: encoded once, kept as a whole frame, so that a server without extensions
 * writes it as it is, unless it is longer than a frame may be. With extensions it is worked on once for each set of
 * {@linkplain dev.tenon.ws.extension.Extension#sharingKey() sharing keys}: compressed once for all that have agreed on
 * the same window, say. The frames are kept as long as the message, for up to 16 sets; connections
 * with others work on it themselves, as do those with an extension without a key. A client masks it for each connection,
 * and works on it there too.
 *
 * <p>A connection with context takeover pays for the sharing with its context: what it sends next refers to nothing
 * before (RFC 7692 §7.2.1).
 *
 * <p>Thread-safe; its content never changes. Of several threads that send it for the first time one does the work, and the
 * others wait for it.
 */
public final class PreparedMessage implements Message {
    /** More than one for each of the windows of permessage-deflate. */
    private static final int MAX_VARIANTS = 16;

    /** The frames for one set of sharing keys, and those that were kept before. */
    private static final class Variant {
        final Object key;
        final SharedFrame[] frames;
        final int count;
        final @Nullable Variant next;

        Variant(Object key, SharedFrame[] frames, @Nullable Variant next) {
            this.key = key;
            this.frames = frames;
            this.next = next;
            this.count = next == null ? 1 : next.count + 1;
        }
    }

    private final MessageType type;
    private final SendMode mode;
    /** The message in one frame without extensions. */
    private final SharedFrame[] whole;

    private final int length;
    private volatile @Nullable Variant variants;

    private PreparedMessage(MessageType type, SendMode mode, SharedFrame[] whole, int length) {
        this.type = type;
        this.mode = mode;
        this.whole = whole;
        this.length = length;
    }

    private static PreparedMessage of(MessageType type, ByteBuffer payload) {
        FrameEncoder encoder = FrameEncoder.unmasked();
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(encoder.headerLength(length) + length);
        encoder.encode(FirstByte.of(true, type.opcode()), payload, frame);
        SharedFrame[] whole = {new SharedFrame(frame.array())};
        return new PreparedMessage(type, SendMode.DEFAULT, whole, length);
    }

    /**
     * A text message.
     *
     * @param text well-formed Unicode
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public static PreparedMessage text(String text) {
        return of(MessageType.TEXT, Utf8.encode(text));
    }

    /**
     * A text message that is encoded already.
     *
     * @param utf8 the text, from position to limit; copied, used up, not changed. The receivers check that it is
     *     well-formed, this end does not
     * @return the message
     */
    public static PreparedMessage text(ByteBuffer utf8) {
        return of(MessageType.TEXT, utf8);
    }

    /**
     * A binary message.
     *
     * @param data the bytes, from position to limit; copied, used up, not changed
     * @return the message
     */
    public static PreparedMessage binary(ByteBuffer data) {
        return of(MessageType.BINARY, data);
    }

    @Override
    public PreparedMessage uncompressed() {
        return mode == SendMode.UNCOMPRESSED ? this : new PreparedMessage(type, SendMode.UNCOMPRESSED, whole, length);
    }

    SendMode mode() {
        return mode;
    }

    @Override
    public MessageType type() {
        return type;
    }

    /**
     * The message without its frame header.
     *
     * @return a new read-only view, from position to limit
     */
    public ByteBuffer payload() {
        byte[] frame = whole[0].bytes();
        return ByteBuffer.wrap(frame, frame.length - length, length).asReadOnlyBuffer();
    }

    /** The length of the frame as a server without extensions sends it, if in one. */
    int frameLength() {
        return whole[0].length();
    }

    FirstByte firstByte() {
        return FirstByte.of(true, type.opcode());
    }

    /**
     * The frames as a server sends them whose extensions have forgotten what they sent before; not to be changed.
     *
     * @return null if the extensions do not share, or with too many others already
     */
    SharedFrame @Nullable [] framesFor(ExtensionChain extensions) {
        if (extensions.isEmpty() && length <= extensions.fragmentLength()) {
            return whole;
        }
        Object key = extensions.sharingKey();
        if (key == null) {
            return null;
        }
        SharedFrame[] frames = find(variants, key);
        return frames == null ? encodeOnce(key, extensions) : frames;
    }

    private synchronized SharedFrame @Nullable [] encodeOnce(Object key, ExtensionChain extensions) {
        Variant newest = variants;
        SharedFrame[] frames = find(newest, key); // another thread may have been faster
        if (frames == null && hasRoom(newest)) {
            frames = extensions.encodeApart(this);
            variants = new Variant(key, frames, newest);
        }
        return frames;
    }

    private static SharedFrame @Nullable [] find(@Nullable Variant newest, Object key) {
        for (Variant variant = newest; variant != null; variant = variant.next) {
            if (variant.key.equals(key)) {
                return variant.frames;
            }
        }
        return null;
    }

    private static boolean hasRoom(@Nullable Variant newest) {
        return newest == null || newest.count < MAX_VARIANTS;
    }
}
