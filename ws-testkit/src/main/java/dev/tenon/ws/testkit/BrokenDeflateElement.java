package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * An element of {@code permessage-deflate} with one parameter wrong (RFC 7692 §7.1): a server must decline it as an
 * offer, a client must fail the connection if it is in the response. Immutable. See {@link
 * Handshakes#brokenDeflateElements}.
 *
 * @param defect the defect
 * @param element the element
 */
public record BrokenDeflateElement(Defect defect, ExtensionOffer element) {
    static final String NAME = "permessage-deflate";
    static final Parameter SERVER_FORGETS = Parameter.flag("server_no_context_takeover");
    static final Parameter CLIENT_FORGETS = Parameter.flag("client_no_context_takeover");
    static final String SERVER_BITS = "server_max_window_bits";
    static final String CLIENT_BITS = "client_max_window_bits";

    /** A defect of the parameters of one element. */
    public enum Defect {
        /** A parameter that RFC 7692 does not define. */
        PARAMETER_UNKNOWN,
        /** A repeated parameter. */
        PARAMETER_TWICE,
        /** A window that is not 8 to 15, or not written as a decimal without leading zeroes. */
        WINDOW_OUT_OF_RANGE,
        /** {@code server_max_window_bits} without a value. */
        VALUE_MISSING,
        /** A value where there must be none. */
        VALUE_FORBIDDEN
    }

    /** The choice selects a way to break the rule; 0 is the simplest. */
    static BrokenDeflateElement of(Defect defect, ExtensionOffer good, int choice) {
        List<Parameter> parameters = new ArrayList<>(good.parameters());
        switch (defect) {
            case PARAMETER_UNKNOWN ->
                parameters.add(Parameter.flag(pick(choice, "x-unknown", "server_max_window_bit")));
            case PARAMETER_TWICE -> {
                if (parameters.isEmpty()) {
                    parameters.add(SERVER_FORGETS);
                }
                parameters.add(parameters.get(choice % parameters.size()));
            }
            case WINDOW_OUT_OF_RANGE ->
                replace(
                        parameters,
                        new Parameter(
                                choice % 2 == 0 ? SERVER_BITS : CLIENT_BITS,
                                pick(choice / 2, "7", "16", "0", "08", "115", "-9", "x")));
            case VALUE_MISSING -> replace(parameters, Parameter.flag(SERVER_BITS));
            case VALUE_FORBIDDEN ->
                replace(
                        parameters,
                        new Parameter(
                                (choice % 2 == 0 ? SERVER_FORGETS : CLIENT_FORGETS).name(),
                                pick(choice / 2, "1", "true", "15")));
        }
        return new BrokenDeflateElement(defect, new ExtensionOffer(NAME, parameters));
    }

    private static void replace(List<Parameter> parameters, Parameter wrong) {
        parameters.removeIf(each -> each.name().equals(wrong.name()));
        parameters.add(wrong);
    }

    private static String pick(int choice, String... ways) {
        return ways[choice % ways.length];
    }
}
