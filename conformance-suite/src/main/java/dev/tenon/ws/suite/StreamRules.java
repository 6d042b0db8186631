package dev.tenon.ws.suite;

/**
 * What differs between HTTP/2 and HTTP/3 in the handshake of a WebSocket: names, sections of RFCs and an error code.
 *
 * @param version the name of the version
 * @param chapter the number of the chapter about requests
 * @param responses the number of the chapter about responses
 * @param announcement the section about SETTINGS_ENABLE_CONNECT_PROTOCOL
 * @param connect the section about the extended CONNECT
 * @param webSocket the section about a WebSocket in a stream
 * @param malformed the section about malformed messages
 * @param pseudoHeaders the section about pseudo-header fields
 * @param ofRequests the section about pseudo-header fields of requests
 * @param tunnel the section about the CONNECT of a proxy
 * @param upgrade the section about status 101
 * @param connectionFields the section about fields that the version forbids
 * @param fieldNames the section about valid names and values of fields
 * @param error the stream error of a malformed message
 */
record StreamRules(
        String version,
        int chapter,
        int responses,
        String announcement,
        String connect,
        String webSocket,
        String malformed,
        String pseudoHeaders,
        String ofRequests,
        String tunnel,
        String upgrade,
        String connectionFields,
        String fieldNames,
        String error) {

    static final StreamRules HTTP_2 = new StreamRules(
            "HTTP/2",
            20,
            22,
            "RFC 8441 §3",
            "RFC 8441 §4",
            "RFC 8441 §5",
            "RFC 9113 §8.1.1",
            "RFC 9113 §8.3",
            "RFC 9113 §8.3.1",
            "RFC 9113 §8.5",
            "RFC 9113 §8.6",
            "RFC 9113 §8.2.2",
            "RFC 9113 §8.2.1",
            "PROTOCOL_ERROR");

    static final StreamRules HTTP_3 = new StreamRules(
            "HTTP/3",
            23,
            25,
            "RFC 9220 §3",
            "RFC 9220 §3",
            "RFC 9220 §3",
            "RFC 9114 §4.1.2",
            "RFC 9114 §4.3",
            "RFC 9114 §4.3.1",
            "RFC 9114 §4.4",
            "RFC 9114 §4.5",
            "RFC 9114 §4.2",
            "RFC 9114 §4.2, §10.3",
            "H3_MESSAGE_ERROR");
}
