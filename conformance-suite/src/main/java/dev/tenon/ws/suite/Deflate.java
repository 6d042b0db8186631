package dev.tenon.ws.suite;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Parameters of permessage-deflate (RFC 7692 §7.1); 0 bits mean a missing parameter.
 *
 * @param serverFresh server_no_context_takeover
 * @param clientFresh client_no_context_takeover
 */
record Deflate(boolean serverFresh, boolean clientFresh, int serverBits, int clientBits) {
    static final Deflate PLAIN = new Deflate(false, false, 0, 0);
    private static final String NAME = "permessage-deflate";

    /** The element of Sec-WebSocket-Extensions. */
    String element() {
        return NAME
                + (serverFresh ? "; server_no_context_takeover" : "")
                + (clientFresh ? "; client_no_context_takeover" : "")
                + (serverBits > 0 ? "; server_max_window_bits=" + serverBits : "")
                + (clientBits > 0 ? "; client_max_window_bits=" + clientBits : "");
    }

    /** Whether the compressor of that end resets its context for each message. */
    boolean resetsContext(Side end) {
        return end == Side.SERVER ? serverFresh : clientFresh;
    }

    /** The window of that end's compressor, 8 to 15 bits. */
    int bits(Side end) {
        int bits = end == Side.SERVER ? serverBits : clientBits;
        return bits == 0 ? 15 : bits;
    }

    /** Checks a server's response to this offer. Throws {@link CaseFailure} with the broken rule. */
    Deflate answeredBy(String element) throws CaseFailure {
        Deflate response =
                parse(element).orElseThrow(() -> new CaseFailure("an extension that was not offered: " + element));
        if (serverFresh && !response.serverFresh) {
            throw new CaseFailure("the response lacks server_no_context_takeover (RFC 7692 §7.1.1.1)");
        }
        if (serverBits > 0 && (response.serverBits == 0 || response.serverBits > serverBits)) {
            throw new CaseFailure(
                    "the response must name server_max_window_bits, at most " + serverBits + " (§7.1.2.1)");
        }
        if (response.clientBits > 0 && (clientBits == 0 || response.clientBits > clientBits)) {
            throw new CaseFailure("client_max_window_bits=" + response.clientBits + " was not offered (§7.1.2.2)");
        }
        return new Deflate(
                response.serverFresh,
                response.clientFresh || clientFresh,
                response.serverBits,
                response.clientBits == 0 ? clientBits : response.clientBits);
    }

    /** The first offer of this extension in a client's request. */
    static Optional<String> offerIn(Head request) {
        return request.values("Sec-WebSocket-Extensions").stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(element -> element.split(";", 2)[0].strip().equals(NAME))
                .findFirst();
    }

    /** These parameters as a response to an offer; empty if the offer does not allow them. */
    Optional<Deflate> answering(String offer) throws CaseFailure {
        boolean mayLimitClient = offer.contains("client_max_window_bits");
        Deflate offered = parse(offer.replaceAll("client_max_window_bits\\s*(;|$)", "client_max_window_bits=15$1"))
                .orElseThrow(() -> new CaseFailure("an offer that cannot be: " + offer));
        if (clientBits > 0 && !mayLimitClient) {
            return Optional.empty();
        }
        return Optional.of(new Deflate(
                serverFresh || offered.serverFresh,
                clientFresh,
                offered.serverBits == 0 ? serverBits : Math.min(offered.serverBits, serverBits == 0 ? 15 : serverBits),
                clientBits));
    }

    /** Parses an element with values in range and no repeated parameter; empty for another extension. */
    static Optional<Deflate> parse(String element) throws CaseFailure {
        List<String> parts =
                Arrays.stream(element.split(";", -1)).map(String::strip).toList();
        if (!parts.get(0).equals(NAME)) {
            return Optional.empty();
        }
        Set<String> seen = new HashSet<>();
        Deflate deflate = PLAIN;
        for (String part : parts.subList(1, parts.size())) {
            String[] parameter = part.split("=", 2);
            String name = parameter[0].strip().toLowerCase(Locale.ROOT);
            if (!seen.add(name)) {
                throw new CaseFailure("the parameter " + name + " is repeated");
            }
            deflate = deflate.with(
                    name, parameter.length == 1 ? "" : parameter[1].strip().replace("\"", ""));
        }
        return Optional.of(deflate);
    }

    private Deflate with(String name, String value) throws CaseFailure {
        return switch (name + (value.isEmpty() ? "" : "=")) {
            case "server_no_context_takeover" -> new Deflate(true, clientFresh, serverBits, clientBits);
            case "client_no_context_takeover" -> new Deflate(serverFresh, true, serverBits, clientBits);
            case "server_max_window_bits=" -> new Deflate(serverFresh, clientFresh, bits(value), clientBits);
            case "client_max_window_bits=" -> new Deflate(serverFresh, clientFresh, serverBits, bits(value));
            default ->
                throw new CaseFailure(
                        "permessage-deflate has no parameter '" + name + (value.isEmpty() ? "'" : "=" + value + "'"));
        };
    }

    private static int bits(String value) throws CaseFailure {
        if (!value.matches("[89]|1[0-5]")) {
            throw new CaseFailure("window bits are 8 to 15, not " + value);
        }
        return Integer.parseInt(value);
    }
}
