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
 * What the connections of one thread share, so that an idle one owns no buffer: the thread's executor, masking keys, and
 * room to turn bytes into text. Not thread-safe: make one per thread (or event loop) and give it to each connection there.
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
    /** Exists from the first connection with extensions on. */
    private @Nullable ThreadResources resources;

    /** A thread context with secure masking keys, for connections that are called from one thread only. */
    public ThreadContext() {
        this(MaskingKeys.secure());
    }

    /**
     * A thread context with secure masking keys.
     *
     * @param executor runs tasks on the thread of the connections
     */
    public ThreadContext(ConnectionExecutor executor) {
        this(executor, MaskingKeys.secure());
    }

    /**
     * A thread context with keys of the caller's choice, for tests.
     *
     * @param maskingKeys where a client's masking keys come from
     */
    public ThreadContext(MaskingKeys maskingKeys) {
        this(ConnectionExecutor.direct(), maskingKeys);
    }

    /**
     * A thread context with keys of the caller's choice, for tests.
     *
     * @param executor runs tasks on the thread of the connections
     * @param maskingKeys where a client's masking keys come from
     */
    public ThreadContext(ConnectionExecutor executor, MaskingKeys maskingKeys) {
        this.executor = executor;
        this.maskingKeys = maskingKeys;
    }

    ConnectionExecutor executor() {
        return executor;
    }

    /** An encoder; a server's remembers nothing between two frames, so that one does for all connections of a thread. */
    FrameEncoder encoder(Role role) {
        return role == Role.CLIENT ? FrameEncoder.masking(maskingKeys) : unmasked;
    }

    /** The rules without extensions: most connections of a thread have the same, so they share the value. */
    FrameRules rules(Role role, long maxPayloadLength) {
        FrameRules known = rules;
        if (known == null || rulesRole != role || known.maxPayloadLength() != maxPayloadLength) {
            known = FrameRules.receivedBy(role).withMaxPayloadLength(maxPayloadLength);
            rules = known;
            rulesRole = role;
        }
        return known;
    }

    /** The rules with extensions, shared by consecutive connections to which the same rules apply. */
    FrameRules rules(Role role, long maxPayloadLength, List<NegotiatedExtension> extensions) {
        FrameRules needed = rules(role, maxPayloadLength);
        if (extensions.isEmpty()) {
            return needed;
        }
        for (NegotiatedExtension extension : extensions) { // in the order in which the peer's messages grow
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

    /** What extensions are opened with: most connections of a thread have the same, so they share the value. */
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

    /** The extensions of a connection, opened. */
    ExtensionChain openExtensions(Role role, ConnectionOptions options, Upgrade upgrade) {
        List<NegotiatedExtension> negotiated = upgrade.extensions();
        return negotiated.isEmpty()
                ? ExtensionChain.none(options.fragmentLength())
                : ExtensionChain.open(
                        negotiated, extensionContext(role, options.maxMessageLength()), options.fragmentLength());
    }

    /**
     * Gives back what the extensions share on this thread. To be called on it, behind the last connection.
     *
     * @throws IllegalStateException if a resource could not be closed
     */
    @Override
    public void close() {
        if (resources != null) {
            resources.close();
        }
    }

    /** A whole text, strictly decoded; the payload is left as it was. */
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
        if (text.indexOf('\uFFFD') >= 0) { // sent as such, or put there by the decoder
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

    /** An array of at least the given length, whose content may be anything, until the next call. */
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
