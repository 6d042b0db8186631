package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The parameters of one {@code permessage-deflate} element (RFC 7692 §7.1).
 *
 * @param serverNoContextTakeover whether {@code server_no_context_takeover} is present
 * @param clientNoContextTakeover whether {@code client_no_context_takeover} is present
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
     * Reads a server's element like {@link #parse}, but accepts names in upper and lower case, because their meaning is
     * clear and a refusal would end the connection.
     *
     * @throws ExtensionException if it is not one that RFC 7692 allows
     */
    static DeflateParameters parseResponse(ExtensionOffer element) {
        List<Parameter> lowerCase = element.parameters().stream()
                .map(each -> new Parameter(each.name().toLowerCase(Locale.ROOT), each.value()))
                .toList();
        DeflateParameters parameters = parse(new ExtensionOffer(NAME, lowerCase));
        if (parameters.clientMaxWindowBits == NO_VALUE) { // §7.1.2.2
            throw new ExtensionException(CLIENT_MAX_WINDOW_BITS + " has no value in a response");
        }
        return parameters;
    }

    /**
     * Reads an element.
     *
     * @throws ExtensionException if a parameter is unknown, occurs twice, or has a value out of range
     */
    static DeflateParameters parse(ExtensionOffer element) {
        Set<String> seen = new HashSet<>();
        int serverMaxWindowBits = ABSENT;
        int clientMaxWindowBits = ABSENT;
        for (Parameter parameter : element.parameters()) {
            if (!seen.add(parameter.name())) {
                throw new ExtensionException(parameter.name() + " is repeated");
            }
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> requireNoValue(parameter);
                case SERVER_MAX_WINDOW_BITS -> serverMaxWindowBits = windowBits(parameter);
                case CLIENT_MAX_WINDOW_BITS ->
                    clientMaxWindowBits = parameter.value() == null ? NO_VALUE : windowBits(parameter);
                default -> // RFC 7692 §7.1: decline unknown parameters
                    throw new ExtensionException("unknown parameter " + parameter.name());
            }
        }
        return new DeflateParameters(
                seen.contains(SERVER_NO_CONTEXT_TAKEOVER),
                seen.contains(CLIENT_NO_CONTEXT_TAKEOVER),
                serverMaxWindowBits,
                clientMaxWindowBits);
    }

    private static void requireNoValue(Parameter parameter) {
        if (parameter.value() != null) {
            throw new ExtensionException(parameter.name() + " takes no value, unlike " + parameter);
        }
    }

    /** RFC 7692 §7.1.2: a decimal integer from 8 to 15 without leading zeroes. */
    private static int windowBits(Parameter parameter) {
        String value = parameter.value();
        return switch (value == null ? "" : value) {
            case "8", "9", "10", "11", "12", "13", "14", "15" -> Integer.parseInt(value);
            default -> throw new ExtensionException(parameter + " is not in 8 to 15");
        };
    }

    /** Whether a server may respond with these parameters to a client's offer. */
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
