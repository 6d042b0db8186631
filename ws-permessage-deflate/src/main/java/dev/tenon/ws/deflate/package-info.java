/**
 * The extension {@code permessage-deflate}.
 *
 * <pre>{@code
 * inbound   frames with RSV1 -> inflate, up to the longest message -> plain frames
 * outbound  plain frames -> deflate, or pass -> frames with RSV1
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.deflate;

import org.jspecify.annotations.NullMarked;
