/** The code in ws-testkit/README.md, compiled, run and compared. */
@NullMarked
package dev.tenon.ws.examples.guide;

import org.jspecify.annotations.NullMarked;
