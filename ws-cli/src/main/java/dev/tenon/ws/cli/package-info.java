/** The commands of the tool. */
@NullMarked
package dev.tenon.ws.cli;

import org.jspecify.annotations.NullMarked;
