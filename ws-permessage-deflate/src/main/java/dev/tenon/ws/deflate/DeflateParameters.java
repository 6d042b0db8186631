package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one {@code permessage-deflate} element (RFC 7692 §7.1).
 *
 * @param serverNoContextTakeover whether {@code server_no_context_takeover} stands there
 * @param clientNoContextTakeover whether {@code client_no_context_takeover} stands there
 * @param serverMaxWindowBits 8 to 15, or {@link #ABSENT}
 * @param clientMaxWindowBits 8 to 15, {@link #ABSENT}, or {@link #NO_VALUE}
 */
record DeflateParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final String NAME = "permessage-deflate";
    static final int ABSENT = 0;
    /** {@code client_max_window_bits} without a value: an offer to be limited (RFC 7692 §7.1.2.2). */
    static final int NO_VALUE = -1;

    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    /**
     * Reads a server's element; the same as {@link #parse}, but letters may be in upper or lower case: what a server meant
     * is beyond doubt, and to refuse it is to have no connection.
     */
    static Optional<DeflateParameters> parseAnswer(ExtensionOffer element) {
        return parse(new ExtensionOffer(
                NAME,
                element.parameters().stream()
                        .map(each -> new Parameter(each.name().toLowerCase(Locale.ROOT), each.value()))
                        .toList()));
    }

    /** Reads an element; empty if it has a parameter that is unknown, stands twice, or has a value out of range. */
    static Optional<DeflateParameters> parse(ExtensionOffer element) {
        boolean serverNoContextTakeover = false;
        boolean clientNoContextTakeover = false;
        int serverMaxWindowBits = ABSENT;
        int clientMaxWindowBits = ABSENT;
        for (Parameter parameter : element.parameters()) {
            String value = parameter.value();
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT_TAKEOVER -> {
                    if (serverNoContextTakeover || value != null) {
                        return Optional.empty();
                    }
                    serverNoContextTakeover = true;
                }
                case CLIENT_NO_CONTEXT_TAKEOVER -> {
                    if (clientNoContextTakeover || value != null) {
                        return Optional.empty();
                    }
                    clientNoContextTakeover = true;
                }
                case SERVER_MAX_WINDOW_BITS -> {
                    int bits = windowBits(value);
                    if (serverMaxWindowBits != ABSENT || bits == ABSENT) {
                        return Optional.empty();
                    }
                    serverMaxWindowBits = bits;
                }
                case CLIENT_MAX_WINDOW_BITS -> {
                    int bits = value == null ? NO_VALUE : windowBits(value);
                    if (clientMaxWindowBits != ABSENT || bits == ABSENT) {
                        return Optional.empty();
                    }
                    clientMaxWindowBits = bits;
                }
                default -> {
                    return Optional.empty(); // RFC 7692 §7.1: decline what is not defined
                }
            }
        }
        return Optional.of(new DeflateParameters(
                serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits));
    }

    /** RFC 7692 §7.1.2: a decimal integer from 8 to 15 without leading zeroes. */
    private static int windowBits(@Nullable String value) {
        if (value == null) {
            return ABSENT;
        }
        return switch (value) {
            case "8", "9", "10", "11", "12", "13", "14", "15" -> Integer.parseInt(value);
            default -> ABSENT;
        };
    }

    /** Whether these parameters, as a server's, fit a client's offer. */
    boolean answers(DeflateParameters offer) {
        boolean serverForgets = serverNoContextTakeover || !offer.serverNoContextTakeover; // §7.1.1.1
        boolean serverLimited = offer.serverMaxWindowBits == ABSENT // §7.1.2.1
                || (serverMaxWindowBits != ABSENT && serverMaxWindowBits <= offer.serverMaxWindowBits);
        boolean clientLimitable = clientMaxWindowBits == ABSENT || offer.clientMaxWindowBits != ABSENT; // §7.1.2.2
        return serverForgets && serverLimited && clientLimitable;
    }

    ExtensionOffer toElement() {
        List<Parameter> parameters = new ArrayList<>(4);
        if (serverNoContextTakeover) {
            parameters.add(Parameter.flag(SERVER_NO_CONTEXT_TAKEOVER));
        }
        if (clientNoContextTakeover) {
            parameters.add(Parameter.flag(CLIENT_NO_CONTEXT_TAKEOVER));
        }
        if (serverMaxWindowBits != ABSENT) {
            parameters.add(Parameter.of(SERVER_MAX_WINDOW_BITS, serverMaxWindowBits));
        }
        if (clientMaxWindowBits != ABSENT) {
            parameters.add(
                    clientMaxWindowBits == NO_VALUE
                            ? Parameter.flag(CLIENT_MAX_WINDOW_BITS)
                            : Parameter.of(CLIENT_MAX_WINDOW_BITS, clientMaxWindowBits));
        }
        return new ExtensionOffer(NAME, parameters);
    }
}
