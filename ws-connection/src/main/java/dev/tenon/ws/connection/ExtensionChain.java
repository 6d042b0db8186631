package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FrameHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extensions of one connection, opened: outbound frames pass them in the order of the server's answer, inbound
 * frames in reverse (RFC 6455 §9.1).
 */
final class ExtensionChain {
    private static final ExtensionChain NONE = new ExtensionChain(0);

    private Extension[] extensions;

    private ExtensionChain(int size) {
        extensions = new Extension[size];
    }

    /** Opens all, or none if one of them throws. */
    static ExtensionChain open(List<NegotiatedExtension> negotiated, ExtensionContext context) {
        if (negotiated.isEmpty()) {
            return NONE;
        }
        ExtensionChain chain = new ExtensionChain(negotiated.size());
        try {
            for (int i = 0; i < chain.extensions.length; i++) {
                chain.extensions[i] = negotiated.get(i).open(context);
            }
            return chain;
        } catch (RuntimeException | Error thrown) {
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
            stage = extension.inbound(stage);
        }
        return stage;
    }

    FrameHandler outbound(FrameHandler frameWriter) {
        FrameHandler stage = frameWriter;
        for (int i = extensions.length - 1; i >= 0; i--) {
            stage = extensions[i].outbound(stage);
        }
        return stage;
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
            } catch (RuntimeException | Error thrown) {
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
