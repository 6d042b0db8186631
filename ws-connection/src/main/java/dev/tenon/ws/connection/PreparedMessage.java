package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message for many connections, which is encoded only once. It is stored as a whole frame. A server without
 * extensions writes that frame unchanged, unless it exceeds the maximum frame length. With extensions, the message is
 * encoded once for each set of {@linkplain dev.tenon.ws.extension.Extension#sharingKey() sharing keys}; for example, it
 * is compressed once for all connections with the same compression window. The message stores the frames for up to 16
 * sets. Connections with other sets, or with an extension without a key, encode the message themselves. A client
 * encodes and masks the message for each connection.
 *
 * <p>A connection with context takeover loses its compression context when it sends shared frames: its next message
 * does not refer to earlier data (RFC 7692 §7.2.1).
 *
 * <p>Thread-safe; the content never changes. If several threads send the message for the first time, one thread encodes
 * it and the others wait.
 */
public final class PreparedMessage implements Message {
    /** Larger than the number of window sizes of permessage-deflate. */
    private static final int MAX_VARIANTS = 16;

    /** The frames for one set of sharing keys, linked to the variant that was stored before. */
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
    /** The message in one frame, encoded without extensions. */
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
     * Creates a text message.
     *
     * @param text well-formed Unicode
     * @return the message
     * @throws IllegalArgumentException if the text contains a lone surrogate
     */
    public static PreparedMessage text(String text) {
        return of(MessageType.TEXT, Utf8.encode(text));
    }

    /**
     * Creates a text message from text that is already encoded.
     *
     * @param utf8 the text, from position to limit; copied, consumed, not changed. The receivers check that it is
     *     well-formed; this end does not
     * @return the message
     */
    public static PreparedMessage text(ByteBuffer utf8) {
        return of(MessageType.TEXT, utf8);
    }

    /**
     * Creates a binary message.
     *
     * @param data the bytes, from position to limit; copied, consumed, not changed
     * @return the message
     */
    public static PreparedMessage binary(ByteBuffer data) {
        return of(MessageType.BINARY, data);
    }

    @Override
    public PreparedMessage uncompressed() {
        return mode == SendMode.UNCOMPRESSED ? this : new PreparedMessage(type, SendMode.UNCOMPRESSED, whole, length);
    }

    @Override
    public PreparedMessage prepared() {
        return this;
    }

    SendMode mode() {
        return mode;
    }

    @Override
    public MessageType type() {
        return type;
    }

    /**
     * Returns the payload of the message, without a frame header.
     *
     * @return a new read-only view, from position to limit
     */
    public ByteBuffer payload() {
        byte[] frame = whole[0].bytes();
        return ByteBuffer.wrap(frame, frame.length - length, length).asReadOnlyBuffer();
    }

    /** Returns the length of the frame of a server without extensions, if the message is sent in one frame. */
    int frameLength() {
        return whole[0].length();
    }

    FirstByte firstByte() {
        return FirstByte.of(true, type.opcode());
    }

    /**
     * Returns the frames for a server whose extensions have forgotten their earlier messages. The frames must not be
     * changed.
     *
     * @return null if the extensions cannot share frames, or if the message already stores the maximum number of sets
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
