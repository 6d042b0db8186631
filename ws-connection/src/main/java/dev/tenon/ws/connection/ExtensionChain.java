package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The open extensions of one connection. Outbound frames pass them in the order of the server's response, inbound
 * frames in reverse (RFC 6455 §9.1). If outbound frames have a maximum length, they are cut as late as the extensions
 * allow.
 */
final class ExtensionChain {
    /** The value for no key. */
    private static final Object UNSHARED = new Object();

    private static final ExtensionContext NO_CONTEXT = new ExtensionContext(Role.SERVER, 0);

    /** Shared by all connections without extensions that have the default frame length. */
    private static final ExtensionChain NONE = empty(ConnectionOptions.DEFAULT.fragmentLength());

    private final List<NegotiatedExtension> negotiated;
    private final ExtensionContext context;
    private final int fragmentLength;
    private Extension[] extensions;
    private @Nullable Object sharingKey;

    private ExtensionChain(List<NegotiatedExtension> negotiated, ExtensionContext context, int fragmentLength) {
        this.negotiated = negotiated;
        this.context = context;
        this.fragmentLength = fragmentLength;
        extensions = new Extension[negotiated.size()];
    }

    private static ExtensionChain empty(int fragmentLength) {
        return new ExtensionChain(List.of(), NO_CONTEXT, fragmentLength);
    }

    /** Returns a chain without extensions. */
    static ExtensionChain none(int fragmentLength) {
        return fragmentLength == NONE.fragmentLength ? NONE : empty(fragmentLength);
    }

    /** Opens all extensions. If one of them throws, the others are closed again. */
    static ExtensionChain open(List<NegotiatedExtension> negotiated, ExtensionContext context, int fragmentLength) {
        ExtensionChain chain = new ExtensionChain(negotiated, context, fragmentLength);
        try {
            for (int i = 0; i < chain.extensions.length; i++) {
                chain.extensions[i] = negotiated.get(i).open(context);
            }
            return chain;
        } catch (Throwable thrown) {
            Throwable another = chain.close();
            if (another != null) {
                thrown.addSuppressed(another);
            }
            throw thrown;
        }
    }

    FrameHandler inbound(FrameHandler assembler) {
        FrameHandler stage = assembler;
        for (Extension extension : extensions) {
            stage = new InboundStage(extension.inbound(stage), stage);
        }
        return stage;
    }

    boolean isEmpty() {
        return negotiated.isEmpty();
    }

    /** The longest payload of an outbound data frame, in bytes. */
    int fragmentLength() {
        return fragmentLength;
    }

    /** Whether outbound frames have a maximum length. */
    boolean fragments() {
        return fragmentLength != Fragmenter.UNBOUNDED;
    }

    /** Whether frames are cut after all extensions, in the writer. */
    boolean fragmentsAtEnd() {
        return fragments() && fragmentable() == negotiated.size();
    }

    /**
     * Returns the outbound stages before a writer. If frames are cut after all extensions, the writer cuts them.
     *
     * @param queue the queue for fragments that are cut before an extension, or null if they do not wait
     */
    OutboundHandler outbound(OutboundHandler frameWriter, @Nullable FragmentQueue queue) {
        int cutAt = fragments() && !fragmentsAtEnd() ? fragmentable() : -1;
        OutboundHandler stage = frameWriter;
        for (int i = extensions.length - 1; i >= 0; i--) {
            stage = extensions[i].outbound(stage);
            if (i == cutAt) {
                stage = fragmenter(stage, queue);
            }
        }
        return stage;
    }

    private OutboundHandler fragmenter(OutboundHandler next, @Nullable FragmentQueue queue) {
        return queue == null ? new Fragmenter(next, fragmentLength) : queue.into(next, fragmentLength);
    }

    /**
     * Returns how many extensions a frame may pass before it is cut. A frame must not be cut if its RSV bits may forbid
     * it (RFC 6455 §5.4).
     */
    private int fragmentable() {
        int count = 0;
        while (count < negotiated.size() && negotiated.get(count).fragmentable()) {
            count++;
        }
        return count;
    }

    /**
     * Returns the sharing key of this chain, or null if it has none. Connections with equal keys encode a message into
     * the same frames if the message does not depend on earlier messages.
     */
    @Nullable
    Object sharingKey() {
        if (sharingKey == null) {
            sharingKey = findSharingKey();
        }
        return sharingKey == UNSHARED ? null : sharingKey;
    }

    private Object findSharingKey() {
        List<Object> key = new ArrayList<>(2 * extensions.length + 1);
        key.add(fragmentLength);
        for (Extension extension : extensions) {
            Optional<Object> one = extension.sharingKey();
            if (one.isEmpty()) {
                return UNSHARED;
            }
            key.add(extension.getClass()); // keys of different extensions may be equal by chance
            key.add(one.get());
        }
        return List.copyOf(key);
    }

    /** Makes the next message independent of all earlier messages. */
    void forgetOutbound() {
        for (Extension extension : extensions) {
            extension.forgetOutbound();
        }
    }

    /**
     * Encodes a message into the frames that a server sends. The frames are the same for all connections that have an
     * equal key and have forgotten their earlier messages. The open extensions of this connection are not used.
     */
    SharedFrame[] encodeApart(PreparedMessage message) {
        ExtensionChain fresh = open(negotiated, context, fragmentLength);
        EncodedFrames frames = new EncodedFrames();
        Throwable thrown;
        try {
            OutboundHandler end = fragmentsAtEnd() ? new Fragmenter(frames, fragmentLength) : frames;
            fresh.outbound(end, null).onFrame(message.firstByte(), message.payload(), true, message.mode());
        } finally {
            thrown = fresh.close();
        }
        if (thrown != null) {
            throw new IllegalStateException("an extension could not be closed", thrown);
        }
        return frames.toArray();
    }

    /** Closes each extension once, even if others throw; returns their exception, or null. */
    @Nullable
    Throwable close() {
        if (this == NONE) { // shared by all connections without extensions
            return null;
        }
        Extension[] open = extensions;
        extensions = NONE.extensions;
        Throwable first = null;
        for (Extension extension : open) {
            try {
                if (extension != null) { // null if an extension before it could not be opened
                    extension.close();
                }
            } catch (Throwable thrown) {
                if (first == null) {
                    first = thrown;
                } else {
                    first.addSuppressed(thrown);
                }
            }
        }
        return first;
    }
}
