package dev.tenon.ws.examples.usp;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates {@code bbf-usp-protocol} (TR-369, R-WS.10a and R-WS.11a): each end sends its endpoint ID in the parameter
 * {@code eid}. {@link #endpointId} tells that of the peer. Immutable and thread-safe.
 *
 * <pre>
 *   client   bbf-usp-protocol; eid="os::012345-C25171DF1F85"
 *   server   bbf-usp-protocol; eid="proto::controller"
 * </pre>
 */
public final class UspProtocol implements ExtensionProvider {
    /** The system property with this end's endpoint ID, for {@link java.util.ServiceLoader}. */
    public static final String ENDPOINT_ID = "dev.tenon.ws.examples.usp.eid";

    private static final String NAME = "bbf-usp-protocol";

    private final @Nullable String endpointId;

    /**
     * The extension as a service: with the endpoint ID of the system property; without the property it offers and
     * accepts nothing.
     */
    public UspProtocol() {
        this.endpointId = System.getProperty(ENDPOINT_ID);
    }

    /**
     * The extension with an endpoint ID.
     *
     * @param endpointId this end's, such as {@code proto::controller}
     * @throws IllegalArgumentException if it is empty, has a space in it, or is not ASCII
     */
    public UspProtocol(String endpointId) {
        this.endpointId =
                Objects.requireNonNull(element(endpointId).parameters().get(0).value());
    }

    private static ExtensionOffer element(String endpointId) {
        return ExtensionOffer.of(NAME, new Parameter("eid", endpointId));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ExtensionOffer> offers() {
        return endpointId == null ? List.of() : List.of(element(endpointId));
    }

    @Override
    public NegotiatedExtension accept(ExtensionOffer offer) {
        requireEndpointId(offer);
        if (endpointId == null) {
            throw new ExtensionException("this end has no endpoint ID");
        }
        return new UspAgreement(element(endpointId));
    }

    @Override
    public NegotiatedExtension confirm(ExtensionOffer response) {
        requireEndpointId(response);
        return new UspAgreement(response);
    }

    private static void requireEndpointId(ExtensionOffer element) {
        List<Parameter> parameters = element.parameters();
        if (parameters.size() != 1
                || !parameters.get(0).name().equals("eid")
                || parameters.get(0).value() == null) {
            throw new ExtensionException(NAME + " has one parameter, eid, but this came: " + element);
        }
    }

    /**
     * The endpoint ID of a peer.
     *
     * @param elements at a server, {@code UpgradeRequest.extensions()}; at a client, {@code WebSocket.extensions()}
     * @return the endpoint ID, if the peer has sent it
     */
    public static Optional<String> endpointId(List<ExtensionOffer> elements) {
        return elements.stream()
                .filter(element -> element.name().equals(NAME))
                .flatMap(element -> element.parameters().stream())
                .filter(parameter -> parameter.name().equals("eid"))
                .map(Parameter::value)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
