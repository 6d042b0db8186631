package dev.tenon.ws.extension;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header (RFC 6455 §9.1): an extension's name and its parameters, in
 * their order. In a request it is an offer, in a response it says what the server accepts. Immutable.
 *
 * @param name the extension's token
 * @param parameters its parameters; a name may occur twice, which most extensions must refuse
 */
public record ExtensionOffer(String name, List<Parameter> parameters) {
    /**
     * An element.
     *
     * @param name the extension's token
     * @param parameters its parameters
     * @throws IllegalArgumentException if the name is not an HTTP token
     */
    public ExtensionOffer {
        ExtensionHeader.requireToken(name);
        parameters = List.copyOf(parameters);
    }

    /**
     * An element with the given parameters.
     *
     * @param name the extension's token
     * @param parameters its parameters
     * @return the element
     * @throws IllegalArgumentException if the name is not an HTTP token
     */
    public static ExtensionOffer of(String name, Parameter... parameters) {
        return new ExtensionOffer(name, List.of(parameters));
    }

    /**
     * The element as it is written in the header: {@code name; flag; key=value}.
     *
     * @return the text
     */
    @Override
    public String toString() {
        return parameters.isEmpty()
                ? name
                : parameters.stream().map(Parameter::toString).collect(Collectors.joining("; ", name + "; ", ""));
    }

    /**
     * A parameter. A quoted value is held without its quotes, and is written in quotes only if it is not a token. RFC
     * 6455 §9.1 requires a token inside the quotes too; {@code bbf-usp-protocol} has quoted values that are none, such
     * as {@code os::012345-ABC}.
     *
     * @param name the token before the equals sign
     * @param value the value behind it, visible ASCII without spaces, or null if there is none
     */
    public record Parameter(String name, @Nullable String value) {
        /**
         * A parameter.
         *
         * @param name the token before the equals sign
         * @param value the value behind it, or null if there is none
         * @throws IllegalArgumentException if the name is not an HTTP token, or the value is empty or not visible ASCII
         */
        public Parameter {
            ExtensionHeader.requireToken(name);
            if (value != null) {
                ExtensionHeader.requireVisible(value);
            }
        }

        /**
         * A parameter without a value.
         *
         * @param name the token
         * @return the parameter
         * @throws IllegalArgumentException if it is not an HTTP token
         */
        public static Parameter flag(String name) {
            return new Parameter(name, null);
        }

        /**
         * A parameter with a number.
         *
         * @param name the token
         * @param value the number, not negative
         * @return the parameter
         * @throws IllegalArgumentException if the name is not an HTTP token
         */
        public static Parameter of(String name, int value) {
            return new Parameter(name, Integer.toString(value));
        }

        /**
         * The parameter as it is written in the header.
         *
         * @return {@code name} or {@code name=value}
         */
        @Override
        public String toString() {
            return value == null ? name : name + "=" + ExtensionHeader.quotedUnlessToken(value);
        }
    }
}
