package dev.tenon.ws.client;

import dev.tenon.ws.client.auth.CredentialCache;
import dev.tenon.ws.client.step.KeyedSemaphore;

/**
 * What all connects of a client share. Thread-safe, because the defaults are not changed any more.
 *
 * @param defaults the settings of a connect that changes none
 * @param maxConnecting how many connects may be under way
 * @param connecting all connects that are under way hold a permit of the key "" here
 * @param credentials what servers and proxies have taken
 * @param registry all that is open
 */
record ClientContext(
        ConnectOptions defaults,
        int maxConnecting,
        KeyedSemaphore<String> connecting,
        CredentialCache credentials,
        ConnectionRegistry registry) {}
