package dev.tenon.ws.transport.linux;

/** Whether the kernel has a request. */
enum RequestState {
    /** It has none. */
    IDLE,
    /** It has one. */
    ARMED,
    /** It has one, and was told to cancel it. */
    CANCELLING
}
