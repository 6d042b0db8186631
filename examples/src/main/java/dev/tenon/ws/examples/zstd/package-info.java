/**
 * Compression with Zstandard (RFC 8878) and a dictionary that both ends have, over zstd-jni: an experiment, not registered.
 *
 * <p>It shows what {@link dev.tenon.ws.extension.MessageExtensionProvider} leaves to an author who needs native memory:
 *
 * <pre>
 * {@link dev.tenon.ws.examples.zstd.PermessageZstd}   offers, dictionary; one for all connections
 *   ZstdCodec          one connection; with context takeover it owns two native contexts, without it none
 *   ZstdContexts       buffers and contexts that the connections of one thread share
 *   ZstdFrameHeader    what is refused before the decoder takes memory for it
 * </pre>
 */
@NullMarked
package dev.tenon.ws.examples.zstd;

import org.jspecify.annotations.NullMarked;
