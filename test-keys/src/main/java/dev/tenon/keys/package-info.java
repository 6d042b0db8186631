/** Keys that are made for one test run. */
@NullMarked
package dev.tenon.keys;

import org.jspecify.annotations.NullMarked;
