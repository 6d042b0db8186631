/**
 * Bytes to WebSocket frames, and frames to bytes (RFC 6455 §5).
 *
 * <p>The frame layer alone: it opens no socket, reads no clock, starts no thread and allocates nothing per frame. Give it
 * the bytes that arrived, however they were split, and take the pieces of frames that they hold; give it frames, and take
 * the bytes to send. Everything else in Tenon stands on this module, and it stands on {@code java.base}.
 */
module dev.tenon.ws.frame {
    requires static org.jspecify;

    exports dev.tenon.ws.frame;
}
