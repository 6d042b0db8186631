/** The demo over HTTP/1.1, HTTP/2 and HTTP/3, and QUIC for the conformance suite, in Netty. */
@NullMarked
package dev.tenon.ws.cli.netty;

import org.jspecify.annotations.NullMarked;
