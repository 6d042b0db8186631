package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An extended CONNECT, as an HTTP/2 host passes it on (RFC 8441).
 *
 * @param name a header that gets another value, or is added
 * @param value its value; null to leave the header out
 * @param added whether it is added to the existing one
 */
record StreamRequestSent(
        HandshakeViolation violation, String name, @Nullable String value, boolean added) implements Provocation {
    private static final Headers GOOD = Headers.of(
            ":method", "CONNECT",
            ":protocol", "websocket",
            ":scheme", "https",
            ":path", "/chat",
            ":authority", "example.com",
            "sec-websocket-version", "13");

    @Override
    public String receiver() {
        return "a server, in HTTP/2";
    }

    @Override
    public String example() {
        return value == null ? "without `" + name + "`" : "`" + name + ": " + value + "`";
    }

    @Override
    public @Nullable Violation provoke() {
        Headers.Builder headers = Headers.builder();
        GOOD.forEach((each, good) -> {
            if (added || !each.equals(name)) {
                headers.add(each, good);
            }
        });
        if (value != null) {
            headers.add(name, value);
        }
        try {
            new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any())
                    .check(new HttpRequest("CONNECT", "/chat", HttpVersion.HTTP_2, headers.build()), true, null);
            return null;
        } catch (HandshakeException refusal) {
            return refusal.violation();
        }
    }
}
