/**
 * Sockets over Linux's {@code io_uring}, behind the interfaces of {@code java.nio.channels.spi}.
 *
 * <pre>
 *     UringSelector ── UringKey ── UringSocketChannel, UringServerSocketChannel ── Descriptor
 *       │                └ Received: what has come and was not read
 *       ├ Ring: requests to the kernel, completions from it
 *       └ ReceiveBuffers: where the kernel puts what comes
 * </pre>
 *
 * {@link dev.tenon.ws.transport.linux.IoUring} is the way in.
 */
@NullMarked
package dev.tenon.ws.transport.linux;

import org.jspecify.annotations.NullMarked;
