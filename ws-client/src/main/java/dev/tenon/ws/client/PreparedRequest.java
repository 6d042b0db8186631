package dev.tenon.ws.client;

import dev.tenon.ws.handshake.ClientHandshake;

/**
 * A request that can be sent, with its options for one connect.
 *
 * @param request the request
 * @param options the client's settings with the changes of the request; they no longer change
 */
record PreparedRequest(ConnectRequest request, ConnectOptions options) {
    /**
     * Checks a request and creates its options by code of the user, which may block or throw.
     *
     * @throws IllegalArgumentException if the request cannot be sent
     */
    static PreparedRequest of(ConnectRequest request, ConnectSettings<?> defaults) {
        if (request.headers().count("Proxy-Authorization") > 0) {
            throw new IllegalArgumentException(
                    "Proxy-Authorization would go to the server: give the credentials of proxies by an Authenticator");
        }
        ClientHandshake.Builder unused = ClientHandshake.to(request.uri())
                .subprotocols(request.subprotocols())
                .headers(request.headers());
        return new PreparedRequest(request, request.options(defaults));
    }
}
