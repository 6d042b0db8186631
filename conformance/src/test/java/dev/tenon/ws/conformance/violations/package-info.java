/** Every violation has an example that provokes it, and a line on the page that lists them. */
@NullMarked
package dev.tenon.ws.conformance.violations;

import org.jspecify.annotations.NullMarked;
