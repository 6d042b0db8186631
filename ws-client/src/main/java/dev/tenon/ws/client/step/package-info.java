/**
 * The driver of a connect, and the kinds of steps that it runs: calls on an executor, permits, exchanges over a link.
 *
 * <pre>
 * StepRunner ── one Step at a time, its deadline, and the handler of all exceptions
 *   OffLoopCall      a call that may block, on an executor       (SharedExecutor)
 *   PermitStep       waits for a permit                          (Permits, KeyedSemaphore)
 *   ConnectLink      exchanges bytes with the peer               (Exchange, sans-IO), or starts TLS
 * </pre>
 */
@NullMarked
package dev.tenon.ws.client.step;

import org.jspecify.annotations.NullMarked;
