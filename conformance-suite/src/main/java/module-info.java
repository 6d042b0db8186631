/**
 * A conformance suite for WebSocket: a fuzzing client for servers, a fuzzing server for clients.
 *
 * <p>It shares no code with what it judges: frames, handshake and checks are its own, compression is the JDK's zlib.
 */
module dev.tenon.ws.suite {
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.tenon.ws.suite;
}
