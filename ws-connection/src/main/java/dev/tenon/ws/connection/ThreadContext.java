package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.ThreadResources;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.MaskingKeys;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of the connections of one thread: the thread's executor, masking keys, and buffers for decoding
 * text. So an idle connection owns no buffer. Not thread-safe: create one per thread (or event loop) and pass it to
 * each connection of that thread.
 */
public final class ThreadContext implements AutoCloseable {
    private static final int LARGEST_KEPT = 256 * 1024;

    private final ConnectionExecutor executor;
    private final MaskingKeys maskingKeys;
    private final FrameEncoder unmasked = FrameEncoder.unmasked();
    private byte[] bytes = {};
    private char[] chars = {};
    private @Nullable FrameRules rules;
    private @Nullable Role rulesRole;
    /** The rules of the last connection with extensions. */
    private @Nullable FrameRules extendedRules;

    private @Nullable ExtensionContext extensionContext;
    /** Created for the first connection with extensions. */
    private @Nullable ThreadResources resources;

    /** Creates a thread context with secure masking keys, for connections that are called from one thread only. */
    public ThreadContext() {
        this(MaskingKeys.secure());
    }

    /**
     * Creates a thread context with secure masking keys.
     *
     * @param executor runs tasks on the thread of the connections
     */
    public ThreadContext(ConnectionExecutor executor) {
        this(executor, MaskingKeys.secure());
    }

    /**
     * Creates a thread context with masking keys that the caller chooses, for tests.
     *
     * @param maskingKeys the source of a client's masking keys
     */
    public ThreadContext(MaskingKeys maskingKeys) {
        this(ConnectionExecutor.direct(), maskingKeys);
    }

    /**
     * Creates a thread context with masking keys that the caller chooses, for tests.
     *
     * @param executor runs tasks on the thread of the connections
     * @param maskingKeys the source of a client's masking keys
     */
    public ThreadContext(ConnectionExecutor executor, MaskingKeys maskingKeys) {
        this.executor = executor;
        this.maskingKeys = maskingKeys;
    }

    ConnectionExecutor executor() {
        return executor;
    }

    /** Returns an encoder. A server's encoder has no state between frames, so all connections of a thread share one. */
    FrameEncoder encoder(Role role) {
        return role == Role.CLIENT ? FrameEncoder.masking(maskingKeys) : unmasked;
    }

    /**
     * Returns the rules without extensions. Most connections of a thread have the same rules, so they share one object.
     */
    FrameRules rules(Role role, long maxPayloadLength) {
        FrameRules known = rules;
        if (known == null || rulesRole != role || known.maxPayloadLength() != maxPayloadLength) {
            known = FrameRules.receivedBy(role).withMaxPayloadLength(maxPayloadLength);
            rules = known;
            rulesRole = role;
        }
        return known;
    }

    /** Returns the rules with extensions. Consecutive connections with equal rules share one object. */
    FrameRules rules(Role role, long maxPayloadLength, List<NegotiatedExtension> extensions) {
        FrameRules needed = rules(role, maxPayloadLength);
        if (extensions.isEmpty()) {
            return needed;
        }
        for (NegotiatedExtension extension : extensions) { // the order of the peer's outbound stages
            needed = needed.withOwned(extension.rsv(), extension.opcodes())
                    .withMaxPayloadLength(extension.maxPayloadLength(needed.maxPayloadLength()));
        }
        FrameRules known = extendedRules;
        if (known != null && known.equals(needed)) {
            return known;
        }
        extendedRules = needed;
        return needed;
    }

    /**
     * Returns the context for opening extensions. Most connections of a thread have the same, so they share one object.
     */
    ExtensionContext extensionContext(Role role, long maxMessageLength) {
        ExtensionContext known = extensionContext;
        if (known == null || known.role() != role || known.maxMessageLength() != maxMessageLength) {
            known = new ExtensionContext(role, maxMessageLength, resources());
            extensionContext = known;
        }
        return known;
    }

    private ThreadResources resources() {
        if (resources == null) {
            resources = new ThreadResources();
        }
        return resources;
    }

    /** Opens the extensions of a connection. */
    ExtensionChain openExtensions(Role role, ConnectionOptions options, Upgrade upgrade) {
        List<NegotiatedExtension> negotiated = upgrade.extensions();
        return negotiated.isEmpty()
                ? ExtensionChain.none(options.fragmentLength())
                : ExtensionChain.open(
                        negotiated, extensionContext(role, options.maxMessageLength()), options.fragmentLength());
    }

    /**
     * Closes the resources that the extensions share on this thread. Call it on that thread, after the last connection.
     *
     * @throws IllegalStateException if a resource could not be closed
     */
    @Override
    public void close() {
        if (resources != null) {
            resources.close();
        }
    }

    /** Decodes a whole text and checks that it is UTF-8; does not change the payload. */
    String decodeUtf8(ByteBuffer payload) {
        int length = payload.remaining();
        byte[] source;
        int from = 0;
        if (payload.hasArray()) {
            source = payload.array();
            from = payload.arrayOffset() + payload.position();
        } else {
            source = bytes(length);
            payload.get(payload.position(), source, 0, length);
        }
        if (length <= LARGEST_KEPT && !Utf8.beginsWithAscii(source, from, length)) {
            return Utf8.decode(source, from, length, chars(length));
        }
        String text = new String(source, from, length, UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // the peer sent this character, or the decoder inserted it
            Utf8Validator.requireWhole(payload);
        }
        return text;
    }

    private char[] chars(int length) {
        if (length > chars.length) {
            chars = new char[Math.min(2 * length, LARGEST_KEPT)];
        }
        return chars;
    }

    /** Returns an array of at least the given length with undefined content, valid until the next call. */
    private byte[] bytes(int length) {
        if (length <= bytes.length) {
            return bytes;
        }
        byte[] fresh = new byte[Math.max(length, Math.min(2 * bytes.length, LARGEST_KEPT))];
        if (length <= LARGEST_KEPT) {
            bytes = fresh;
        }
        return fresh;
    }
}
