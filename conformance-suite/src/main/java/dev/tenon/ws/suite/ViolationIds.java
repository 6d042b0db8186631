package dev.tenon.ws.suite;

import java.util.ArrayList;
import java.util.List;

/**
 * The rule that a case proves, by its id in Tenon's list of violations ({@code docs/violations.md}). The first matching
 * pattern counts. A case that expects no failure proves none, even if a pattern for several cases matches it.
 */
final class ViolationIds {
    private record Entry(String pattern, String id) {}

    private static final List<Entry> BOTH = table("""
            2.*     frame.control-frame-too-long
            3.*     frame.rsv-not-negotiated
            4.*     frame.opcode-not-negotiated
            5.3.*   frame.control-frame-fragmented
            5.4.*   message.continuation-without-message
            5.5.*   message.message-within-message
            6.*     message.text-not-utf-8
            7.3.2   close.code-incomplete
            7.3.*   frame.control-frame-too-long
            7.4.*   close.reason-not-utf-8
            7.9.*   close.code-not-allowed
            14.3.6  frame.rsv-not-negotiated
            14.3.7  frame.rsv-not-negotiated
            14.3.*  permessage-deflate.rsv1-within-message
            14.4.*  permessage-deflate.data-malformed
            14.5.*  message.text-not-utf-8
            16.3.3  frame.control-frame-too-long
            16.3.*  frame.length-top-bit-set
            16.4.*  frame.control-frame-too-long
            16.*    frame.length-not-minimal
            """);

    private static final List<Entry> SERVER = table("""
            15.*    frame.mask-missing
            17.2.1  request.method-not-get
            17.2.2  request.upgrade-missing
            17.2.3  request.request-line-malformed
            17.2.4  request.http-version-malformed
            17.2.5  request.target-malformed
            17.3.1  request.upgrade-missing
            17.3.2  request.upgrade-not-in-connection
            17.3.3  request.key-not-once
            17.3.4  request.version-not-once
            17.3.5  request.host-missing
            17.3.6  request.host-repeated
            17.3.7  request.upgrade-missing
            17.3.8  request.upgrade-not-in-connection
            17.4.7  request.version-not-once
            17.4.*  request.version-unsupported
            17.5.7  request.key-not-once
            17.5.*  request.key-malformed
            17.6.1  http.header-line-folded
            17.6.2  http.space-before-colon
            17.6.3  http.header-malformed
            17.6.4  http.control-character
            17.6.5  http.carriage-return-alone
            17.6.6  http.header-malformed
            17.6.*  request.body-in-handshake
            20.3.2  request.connect-malformed
            20.3.3  request.host-malformed
            20.3.5  request.pseudo-header-repeated
            20.3.6  request.pseudo-header-repeated
            20.3.7  request.pseudo-header-repeated
            20.3.8  request.pseudo-header-repeated
            20.3.9  request.pseudo-header-repeated
            20.3.14 request.connect-malformed
            20.3.15 request.host-malformed
            20.3.16 request.authority-mismatch
            20.4.1  request.protocol-not-websocket
            20.4.2  request.protocol-not-websocket
            20.4.3  request.connect-malformed
            20.4.4  request.connect-malformed
            20.5.1  request.connection-header
            20.5.2  request.connection-header
            20.5.3  request.connection-header
            20.5.4  request.connection-header
            20.5.5  request.connection-header
            20.7.1  request.version-not-once
            20.7.6  request.version-not-once
            20.7.*  request.version-unsupported
            21.4.2  frame.rsv-not-negotiated
            21.4.3  request.protocol-not-websocket
            24.4.2  frame.rsv-not-negotiated
            24.4.3  request.protocol-not-websocket
            """);

    private static final List<Entry> CLIENT = table("""
            15.*    frame.mask-forbidden
            18.3.1  response.upgrade-not-websocket
            18.3.2  response.upgrade-not-in-connection
            18.3.3  response.accept-not-once
            18.3.4  response.upgrade-not-websocket
            18.3.5  response.upgrade-not-in-connection
            18.3.9  response.accept-not-once
            18.3.10 response.status-line-malformed
            18.3.11 http.header-malformed
            18.3.*  response.accept-mismatch
            18.4.*  response.subprotocol-not-offered
            18.5.1  extension.not-offered
            18.5.11 extension.repeated
            18.5.*  extension.parameters-refused
            22.3.7  response.connection-header
            22.3.8  response.connection-header
            22.4.1  response.subprotocol-not-offered
            22.4.2  extension.not-offered
            22.4.*  extension.parameters-refused
            """);

    private ViolationIds() {}

    /** The entries of a chapter about HTTP/2, for the one about HTTP/3, which has the same numbers. */
    private static List<Entry> http3(List<Entry> entries, String from, String to) {
        return entries.stream()
                .filter(entry -> entry.pattern.startsWith(from))
                .map(entry -> new Entry(to + entry.pattern.substring(from.length()), entry.id))
                .toList();
    }

    private static List<Entry> table(String lines) {
        return lines.lines()
                .map(line -> line.split(" +", 2))
                .map(words -> new Entry(words[0], words[1]))
                .toList();
    }

    /** The id of the rule that a peer of this side must enforce in the case; empty if there is none. */
    static String of(Side peer, TestCase testCase) {
        List<Entry> entries = new ArrayList<>(BOTH);
        entries.addAll(peer == Side.SERVER ? SERVER : CLIENT);
        entries.addAll(peer == Side.SERVER ? http3(SERVER, "20.", "23.") : http3(CLIENT, "22.", "25."));
        return entries.stream()
                .filter(entry -> matches(testCase, entry.pattern))
                .findFirst()
                .filter(entry -> !isForSeveral(entry.pattern) || testCase.expectsFailure())
                .map(Entry::id)
                .orElse("");
    }

    private static boolean matches(TestCase testCase, String pattern) {
        return isForSeveral(pattern) ? testCase.matches(pattern) : testCase.id().equals(pattern);
    }

    private static boolean isForSeveral(String pattern) {
        return pattern.endsWith("*");
    }
}
