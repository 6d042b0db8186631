package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent to many connections: encoded once, kept as a whole frame, so that a server without extensions
 * writes it as it is. With extensions it is worked on once for each set of
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
public final class PreparedMessage {
    /** More than one for each of the windows of permessage-deflate. */
    private static final int MAX_VARIANTS = 16;

    /** The frames for one set of sharing keys, and those that were kept before. */
    private static final class Variant {
        final Object key;
        final byte[] frames;
        final int count;
        final @Nullable Variant next;

        Variant(Object key, byte[] frames, @Nullable Variant next) {
            this.key = key;
            this.frames = frames;
            this.next = next;
            this.count = next == null ? 1 : next.count + 1;
        }
    }

    private final MessageType type;
    private final SendMode mode;
    private final byte[] frame;
    private final int length;
    private volatile @Nullable Variant variants;

    private PreparedMessage(MessageType type, SendMode mode, ByteBuffer payload) {
        this.type = type;
        this.mode = mode;
        this.length = payload.remaining();
        FrameEncoder encoder = FrameEncoder.unmasked();
        ByteBuffer whole = ByteBuffer.allocate(encoder.headerLength(length) + length);
        encoder.encode(header(), payload, whole);
        this.frame = whole.array();
    }

    /**
     * A text message.
     *
     * @param text well-formed Unicode
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public static PreparedMessage text(String text) {
        return text(text, SendMode.EXTENDED);
    }

    /**
     * A text message, and what extensions may do with it.
     *
     * @param text well-formed Unicode
     * @param mode what extensions are asked for
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public static PreparedMessage text(String text, SendMode mode) {
        return new PreparedMessage(MessageType.TEXT, mode, Utf8.encode(text));
    }

    /**
     * A binary message.
     *
     * @param data the bytes, from position to limit; copied, used up, not changed
     * @return the message
     */
    public static PreparedMessage binary(ByteBuffer data) {
        return binary(data, SendMode.EXTENDED);
    }

    /**
     * A binary message, and what extensions may do with it.
     *
     * @param data the bytes, from position to limit; copied, used up, not changed
     * @param mode what extensions are asked for
     * @return the message
     */
    public static PreparedMessage binary(ByteBuffer data, SendMode mode) {
        return new PreparedMessage(MessageType.BINARY, mode, data);
    }

    /**
     * Text or binary.
     *
     * @return the type
     */
    public MessageType type() {
        return type;
    }

    /**
     * What extensions may do with it.
     *
     * @return the mode
     */
    public SendMode mode() {
        return mode;
    }

    /**
     * The message without its frame header.
     *
     * @return a new read-only view, from position to limit
     */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(frame, frame.length - length, length).asReadOnlyBuffer();
    }

    /** The message as text, for transports that know no better way. */
    String text() {
        return new String(frame, frame.length - length, length, UTF_8);
    }

    /** The frame as a server sends it; not to be changed. */
    byte[] unmaskedFrame() {
        return frame;
    }

    FrameHeader header() {
        return FrameHeader.of(true, type.opcode());
    }

    /**
     * The frames as a server with extensions sends them that have forgotten what they sent before; not to be changed.
     *
     * @return null if the extensions do not share, or with too many others already
     */
    byte @Nullable [] framesFor(ExtensionChain extensions) {
        Object key = extensions.sharingKey();
        if (key == null) {
            return null;
        }
        byte[] frames = find(variants, key);
        return frames == null ? encodeOnce(key, extensions) : frames;
    }

    private synchronized byte @Nullable [] encodeOnce(Object key, ExtensionChain extensions) {
        Variant newest = variants;
        byte[] frames = find(newest, key); // another thread may have been faster
        if (frames == null && hasRoom(newest)) {
            frames = extensions.encodeApart(this);
            variants = new Variant(key, frames, newest);
        }
        return frames;
    }

    private static byte @Nullable [] find(@Nullable Variant newest, Object key) {
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
