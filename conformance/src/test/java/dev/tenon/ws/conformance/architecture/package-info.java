/** What no module may do: the table of modules, and the rules that the compiled modules are held against. */
@NullMarked
package dev.tenon.ws.conformance.architecture;

import org.jspecify.annotations.NullMarked;
