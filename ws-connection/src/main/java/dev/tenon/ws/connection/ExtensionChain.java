package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FrameHandler;
import java.lang.System.Logger.Level;
import java.util.List;

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
            chain.close();
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

    /** Closes each extension once, whatever the others do. */
    void close() {
        if (this == NONE) { // shared by all connections without extensions
            return;
        }
        Extension[] open = extensions;
        extensions = NONE.extensions;
        for (Extension extension : open) {
            close(extension);
        }
    }

    private static void close(Extension extension) {
        try {
            if (extension != null) { // null behind one that could not be opened
                extension.close();
            }
        } catch (RuntimeException | Error thrown) { // the connection is over: nobody is left to be told
            System.getLogger("dev.tenon.ws.connection")
                    .log(Level.WARNING, "an extension has thrown from its close", thrown);
        }
    }
}
