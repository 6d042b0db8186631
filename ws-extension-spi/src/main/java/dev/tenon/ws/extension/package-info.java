/**
 * Negotiation of extensions, and the stages that frames pass.
 *
 * <pre>{@code
 * inbound   FrameDecoder -> last extension -> ... -> first extension -> messages
 * outbound  messages -> first extension -> ... -> last extension -> FrameEncoder
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.extension;

import org.jspecify.annotations.NullMarked;
