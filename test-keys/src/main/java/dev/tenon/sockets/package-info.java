/** Sockets for the tests of the other modules. */
@NullMarked
package dev.tenon.sockets;

import org.jspecify.annotations.NullMarked;
