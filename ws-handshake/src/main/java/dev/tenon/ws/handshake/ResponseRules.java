package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.HandshakeViolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules for a response that accepts an opening handshake (RFC 6455 §4.1, RFC 8441 §5).
 *
 * @param url the address of the request
 * @param accept the expected {@code Sec-WebSocket-Accept}, or null for an extended CONNECT
 * @param subprotocols the offered subprotocols
 * @param extensions the offered extensions
 */
record ResponseRules(String url, @Nullable String accept, List<String> subprotocols, Extensions extensions) {

    Agreement verify(HttpResponse response) {
        boolean accepted = accept == null ? response.status() / 100 == 2 : response.status() == 101; // RFC 9110 §9.3.6
        if (!accepted) {
            throw refused(response);
        }
        if (accept == null) {
            checkNoConnectionHeader(response);
        } else {
            checkUpgrade(response, accept);
        }
        return new Agreement(response, new Upgrade(url, subprotocol(response), extensions(response)));
    }

    /** Refuses headers that belong to HTTP/1.1, if the HTTP library has not. */
    private static void checkNoConnectionHeader(HttpResponse response) {
        String name = UpgradeHeaders.connectionHeader(response.headers());
        if (name != null) {
            ResponseViolation rule = ResponseViolation.CONNECTION_HEADER;
            throw broken(rule, rule.description() + ": " + name, response);
        }
    }

    static HandshakeException refused(HttpResponse response) {
        return new HandshakeException(refusal(response), response);
    }

    /** A refusal whose body cannot be read. */
    static HandshakeException refused(HttpResponse response, HandshakeException unreadable) {
        return new HandshakeException(
                refusal(response) + "; " + unreadable.getMessage(), response, unreadable.violation());
    }

    private static String refusal(HttpResponse response) {
        return "the server did not accept the connection: " + response.status() + " "
                + Redaction.printable(response.reason());
    }

    private static void checkUpgrade(HttpResponse response, String accept) {
        Headers headers = response.headers();
        if (headers.elements("Upgrade").size() != 1 || !headers.hasToken("Upgrade", "websocket")) {
            throw broken(ResponseViolation.UPGRADE_NOT_WEBSOCKET, response);
        }
        if (!headers.hasToken("Connection", "upgrade")) {
            throw broken(ResponseViolation.UPGRADE_NOT_IN_CONNECTION, response);
        }
        if (headers.count(UpgradeHeaders.ACCEPT) != 1) {
            throw broken(ResponseViolation.ACCEPT_NOT_ONCE, response);
        }
        if (!accept.equals(headers.first(UpgradeHeaders.ACCEPT))) {
            throw broken(ResponseViolation.ACCEPT_MISMATCH, response);
        }
    }

    /** An empty value counts as none: some servers send it if they have chosen no subprotocol (RFC 9110 §5.6.1). */
    private String subprotocol(HttpResponse response) {
        List<String> names = response.headers().elements(UpgradeHeaders.PROTOCOL);
        if (names.isEmpty()) {
            return "";
        }
        if (names.size() > 1) {
            throw broken(ResponseViolation.SUBPROTOCOL_REPEATED, response);
        }
        String name = names.get(0);
        if (!subprotocols.contains(name)) {
            throw broken(
                    ResponseViolation.SUBPROTOCOL_NOT_OFFERED,
                    ResponseViolation.SUBPROTOCOL_NOT_OFFERED.description() + " "
                            + HttpSyntax.quoted(Redaction.subprotocols(name))
                            + (subprotocols.isEmpty()
                                    ? ": this client offers none; offer it if you speak it"
                                    : ": it is none of the " + subprotocols.size() + " that this client offers"),
                    response);
        }
        return name;
    }

    private List<NegotiatedExtension> extensions(HttpResponse response) {
        try {
            List<ExtensionOffer> chosen = UpgradeHeaders.extensions(response.headers());
            return chosen.isEmpty() ? List.of() : extensions.confirm(chosen);
        } catch (ExtensionException e) {
            throw broken(e.violation(), String.valueOf(e.getMessage()), response);
        }
    }

    static HandshakeException broken(HandshakeViolation violation, HttpResponse response) {
        return broken(violation, violation.description(), response);
    }

    private static HandshakeException broken(HandshakeViolation violation, String what, HttpResponse response) {
        return new HandshakeException("the server's response breaks the handshake: " + what, response, violation);
    }
}
