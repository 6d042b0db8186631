/** Compression of messages, beside zlib alone. */
@NullMarked
package dev.tenon.ws.benchmarks.deflate;

import org.jspecify.annotations.NullMarked;
