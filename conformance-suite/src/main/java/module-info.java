/**
 * A conformance suite for WebSocket: a fuzzing client for servers, a fuzzing server for clients.
 *
 * <p>It shares no code with the modules that it tests: it has its own frames, handshake and
 * checks; compression is the JDK's zlib.
 */
module dev.tenon.ws.suite {
    requires com.fasterxml.jackson.core;
    requires static org.jspecify;

    exports dev.tenon.ws.suite;
}
