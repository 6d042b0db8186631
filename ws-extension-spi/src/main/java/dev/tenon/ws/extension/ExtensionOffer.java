package dev.tenon.ws.extension;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One element of a {@code Sec-WebSocket-Extensions} header (RFC 6455 §9.1): an extension's name and its parameters, in
 * the order in which they stand. In a request it is an offer, in an answer what the server agreed to. Immutable.
 *
 * @param name the extension's token
 * @param parameters its parameters; the same name may stand twice, which most extensions must refuse
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
     * An element, for those who write one down.
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
     * The element as it stands in the header: {@code name; flag; key=value}.
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
     * A parameter. A value that was quoted stands here without its quotes, and is written in quotes only if it is no token.
     * RFC 6455 §9.1 wants a token in any case; the values of {@code bbf-usp-protocol}, such as {@code os::012345-ABC}, are
     * none, and are quoted by its peers.
     *
     * @param name the token before the equals sign
     * @param value the value behind it, visible ASCII without spaces, or null where there is none
     */
    public record Parameter(String name, @Nullable String value) {
        /**
         * A parameter.
         *
         * @param name the token before the equals sign
         * @param value the value behind it, or null where there is none
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
         * The parameter as it stands in the header.
         *
         * @return {@code name} or {@code name=value}
         */
        @Override
        public String toString() {
            return value == null ? name : name + "=" + ExtensionHeader.quotedUnlessToken(value);
        }
    }
}
