package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.FrameHandler;
import java.util.List;

/**
 * The extensions of one connection, opened: outbound frames pass them in the order of the server's answer, inbound
 * frames in reverse (RFC 6455 §9.1).
 */
final class ExtensionChain {
    private static final Extension[] NONE = {};

    private Extension[] extensions;

    ExtensionChain(List<NegotiatedExtension> negotiated, ExtensionContext context) {
        extensions = negotiated.isEmpty() ? NONE : new Extension[negotiated.size()];
        for (int i = 0; i < extensions.length; i++) {
            extensions[i] = negotiated.get(i).open(context);
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
        Extension[] open = extensions;
        extensions = NONE;
        for (Extension extension : open) {
            extension.close();
        }
    }
}
