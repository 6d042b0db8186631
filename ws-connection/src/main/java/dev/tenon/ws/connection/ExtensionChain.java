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
 * The extensions of one connection, opened: outbound frames pass them in the order of the server's answer, inbound
 * frames in reverse (RFC 6455 §9.1). Where outbound frames have a longest length, they are cut as near to the wire as the
 * extensions allow.
 */
final class ExtensionChain {
    /** Stands for no key. */
    private static final Object UNSHARED = new Object();

    private static final ExtensionContext NO_CONTEXT = new ExtensionContext(Role.SERVER, 0);

    /** Shared by all connections without extensions whose frames are as long as by default. */
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

    /** A chain without extensions. */
    static ExtensionChain none(int fragmentLength) {
        return fragmentLength == NONE.fragmentLength ? NONE : empty(fragmentLength);
    }

    /** Opens all, or none if one of them throws. */
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

    /** Whether outbound frames have a longest length. */
    boolean fragments() {
        return fragmentLength != Fragmenter.UNBOUNDED;
    }

    /** Whether they are cut behind all extensions, where they are written. */
    boolean fragmentsAtEnd() {
        return fragments() && fragmentable() == negotiated.size();
    }

    /**
     * The outbound stages in front of a writer, which cuts frames itself if that is to be done behind all of them.
     *
     * @param queue where fragments wait that are cut before, or null for nowhere
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

    /** How many extensions a frame may pass before it is cut. RFC 6455 §5.4: not where its RSV bits may forbid it. */
    private int fragmentable() {
        int count = 0;
        while (count < negotiated.size() && negotiated.get(count).fragmentable()) {
            count++;
        }
        return count;
    }

    /** What the frames of a message depend on, if nothing was sent before; null if on more than can be said. */
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
            key.add(extension.getClass()); // keys of different extensions may happen to be equal
            key.add(one.get());
        }
        return List.copyOf(key);
    }

    /** Lets the next message depend on none before it. */
    void forgetOutbound() {
        for (Extension extension : extensions) {
            extension.forgetOutbound();
        }
    }

    /**
     * The frames of a message, encoded for a server, as all connections make them that have an equal key and have
     * forgotten what they sent. This connection's own extensions are left out of it.
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

    /** Closes each extension once, whatever the others do; returns what they have thrown, if they have. */
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
                if (extension != null) { // null behind one that could not be opened
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
