/** What a text message costs until the application has it as a {@code String}. */
@NullMarked
package dev.tenon.ws.benchmarks.text;

import org.jspecify.annotations.NullMarked;
