/**
 * Sockets over Linux's {@code io_uring}, behind the interfaces of {@code java.nio.channels.spi}.
 *
 * <pre>
 *     UringSelector ── UringKey ── UringSocketChannel, UringServerSocketChannel ── Descriptor
 *       │                └ Received: the bytes that are received and not yet read
 *       ├ Ring: requests to the kernel, completions from the kernel
 *       └ ReceiveBuffers: the memory that the kernel receives into
 * </pre>
 *
 * {@link dev.tenon.ws.transport.linux.IoUring} is the entry point.
 */
@NullMarked
package dev.tenon.ws.transport.linux;

import org.jspecify.annotations.NullMarked;
