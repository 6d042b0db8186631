/** Fan-out over two processes, beside Socket.IO and Bun: {@code benchmarks/cluster/run}. */
@NullMarked
package dev.tenon.ws.benchmarks.cluster;

import org.jspecify.annotations.NullMarked;
