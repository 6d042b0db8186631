package dev.tenon.ws.transport.linux;

/** The state of a request: whether the kernel has it. */
enum RequestState {
    /** The kernel has no request. */
    IDLE,
    /** The kernel has a request. */
    ARMED,
    /** The kernel has a request and is asked to cancel it. */
    CANCELLING
}
