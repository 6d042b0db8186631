package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import java.util.Optional;

/** The extension of one connection that uses a {@link MessageCodec}. */
final class MessageExtension implements Extension {
    private final NegotiatedExtension negotiated;
    private final ExtensionContext context;
    private final MessageCodec codec;
    /** How many calls of the codec, or of a handler that received its output, have not returned. */
    private int calls;

    private boolean closed;

    MessageExtension(NegotiatedExtension negotiated, ExtensionContext context, MessageCodec codec) {
        this.negotiated = negotiated;
        this.context = context;
        this.codec = codec;
    }

    @Override
    public FrameHandler inbound(FrameHandler next) {
        long maxMessageLength = context.maxMessageLength();
        long maxEncodedLength = negotiated.maxPayloadLength(maxMessageLength);
        return new MessageDecoder(this, next, negotiated.rsv(), maxEncodedLength, maxMessageLength);
    }

    @Override
    public OutboundHandler outbound(OutboundHandler next) {
        return new MessageEncoder(this, next, negotiated);
    }

    @Override
    public Optional<Object> sharingKey() {
        return codec.sharingKey();
    }

    @Override
    public void forgetOutbound() {
        codec.forgetOutbound();
    }

    /** Marks the codec as in use until {@link #endCall}. */
    MessageCodec beginCall() {
        calls++;
        return codec;
    }

    void endCall() {
        calls--;
        closeIfUnused();
    }

    /**
     * A handler may end the connection while it reads the codec's output, so the codec stays open until the handler
     * returns.
     */
    @Override
    public void close() {
        closed = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (closed && calls == 0) {
            codec.close();
        }
    }
}
