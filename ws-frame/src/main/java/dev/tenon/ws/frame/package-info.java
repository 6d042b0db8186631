/**
 * The frame codec.
 *
 * <pre>{@code
 * bytes received -> FrameDecoder -> FrameHandler.onFrame(header, payload, endOfFrame)
 * FrameHandler.onFrame(header, payload, endOfFrame) -> FrameEncoder -> bytes to send
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.frame;

import org.jspecify.annotations.NullMarked;
