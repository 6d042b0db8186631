/**
 * The frame codec.
 *
 * <pre>{@code
 * bytes received -> FrameDecoder -> FrameHandler.onFrame(firstByte, payload, endOfFrame)
 * FrameHandler.onFrame(firstByte, payload, endOfFrame) -> FrameEncoder -> bytes to send
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.frame;

import org.jspecify.annotations.NullMarked;
