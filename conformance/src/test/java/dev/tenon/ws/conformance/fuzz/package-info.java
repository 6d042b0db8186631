/** Coverage-guided fuzzing: a replay of the seed corpus in every build, and a search on request. */
@NullMarked
package dev.tenon.ws.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
