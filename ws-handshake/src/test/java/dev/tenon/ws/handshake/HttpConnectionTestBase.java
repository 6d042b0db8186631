package dev.tenon.ws.handshake;

import java.util.regex.Pattern;

/** Shared by the tests of {@link HttpConnection}: requests and the expected responses. */
abstract class HttpConnectionTestBase {
    static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    static final String DATE = "Date: " + HttpRig.DATE + "\r\n";

    static int responses(HttpRig rig) {
        return (int)
                Pattern.compile("HTTP/1\\.1 [2-5]").matcher(rig.sent).results().count();
    }

    static String post(String headers, String body) {
        return "POST /p HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
    }
}
