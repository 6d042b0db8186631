package dev.tenon.ws.client;

import dev.tenon.ws.client.auth.CredentialCache;
import dev.tenon.ws.client.step.KeyedSemaphore;

/**
 * The state that all connects of a client share. Thread-safe, because the defaults no longer change.
 *
 * @param defaults the default settings of a connect
 * @param maxConnecting how many connects may run at a time
 * @param connecting every running connect holds a permit of the key ""
 * @param credentials the credentials that servers and proxies have accepted
 * @param registry all open connections and running connects
 */
record ClientContext(
        ConnectOptions defaults,
        int maxConnecting,
        KeyedSemaphore<String> connecting,
        CredentialCache credentials,
        ConnectionRegistry registry) {}
