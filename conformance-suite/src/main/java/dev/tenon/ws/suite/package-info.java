/**
 * The cases, the classes that run them, and the report.
 *
 * <pre>
 * Catalogue → TestCase(Opening, Steps) → FuzzingClient | FuzzingServer → CaseRun ⇄ Wire ⇄ peer under test
 *                                                                       └→ Outcome → Report
 * </pre>
 */
@NullMarked
package dev.tenon.ws.suite;

import org.jspecify.annotations.NullMarked;
