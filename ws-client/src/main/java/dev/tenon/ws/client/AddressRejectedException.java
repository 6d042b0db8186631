package dev.tenon.ws.client;

import java.io.IOException;

/** The client's {@link AddressFilter} allows none of the addresses of a host. */
public final class AddressRejectedException extends IOException {
    private static final long serialVersionUID = 1L;

    AddressRejectedException(String message) {
        super(message);
    }
}
