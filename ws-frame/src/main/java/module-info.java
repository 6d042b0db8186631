/**
 * Bytes to WebSocket frames, and frames to bytes (RFC 6455 §5).
 *
 * <p>It opens no socket, reads no clock, starts no thread and allocates nothing per frame. The decoder turns received
 * bytes, however they are split, into pieces of frames; the encoder turns frames into bytes to send. All other modules
 * of Tenon depend on this one; it depends on {@code java.base} only.
 */
module dev.tenon.ws.frame {
    requires static org.jspecify;

    exports dev.tenon.ws.frame;
}
