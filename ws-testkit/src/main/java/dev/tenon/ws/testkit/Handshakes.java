package dev.tenon.ws.testkit;

import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Arbitraries of opening handshakes (RFC 6455 §4) and their negotiation. jqwik finds them by type; each shrinks to the
 * simplest head.
 */
public final class Handshakes {
    private Handshakes() {}

    /** A spelling of header names; HTTP treats all of them alike. */
    private enum Spelling {
        USUAL,
        LOWER,
        UPPER;

        String of(String name) {
            return switch (this) {
                case USUAL -> name;
                case LOWER -> name.toLowerCase(Locale.ROOT);
                case UPPER -> name.toUpperCase(Locale.ROOT);
            };
        }
    }

    /** The form of a request, which does not change its meaning. */
    private record HeadForm(Spelling spelling, int rotation, String upgrade, String connection) {
        Headers apply(List<String[]> lines) {
            List<String[]> rotated = new ArrayList<>(lines);
            Collections.rotate(rotated, rotation);
            Headers.Builder headers = Headers.builder();
            rotated.forEach(line -> headers.add(spelling.of(line[0]), line[1]));
            return headers.build();
        }
    }

    private static Arbitrary<HeadForm> headForms() {
        return Combinators.combine(
                        Arbitraries.of(Spelling.values()),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.of("websocket", "WebSocket"),
                        Arbitraries.of("Upgrade", "upgrade", "keep-alive, Upgrade", "Upgrade , foo"))
                .as(HeadForm::new);
    }

    /**
     * Generates handshakes that succeed: any key, path, host and extra headers, subprotocols and extensions offered or
     * not, the headers in any order and spelling; accepted with a subprotocol that was offered or none, and without
     * extensions.
     *
     * @return an arbitrary of requests and responses over HTTP/1.1
     */
    public static Arbitrary<OpeningHandshake> openings() {
        Arbitrary<List<String>> subprotocols = tokens().list().uniqueElements().ofMaxSize(3);
        Arbitrary<List<ExtensionOffer>> offers = extensionOffers().list().ofMaxSize(2);
        return Combinators.combine(keys(), targets(), hosts(), subprotocols, offers, extras(), headForms(), headForms())
                .as((key, target, host, names, extensions, extra, requestCase, responseCase) -> {
                    List<String[]> lines = new ArrayList<>();
                    lines.add(line("Host", host));
                    lines.add(line("Upgrade", requestCase.upgrade));
                    lines.add(line("Connection", requestCase.connection));
                    lines.add(line("Sec-WebSocket-Key", key));
                    lines.add(line("Sec-WebSocket-Version", "13"));
                    if (!names.isEmpty()) {
                        lines.add(line("Sec-WebSocket-Protocol", String.join(", ", names)));
                    }
                    if (!extensions.isEmpty()) {
                        lines.add(line("Sec-WebSocket-Extensions", ExtensionHeader.format(extensions)));
                    }
                    lines.addAll(extra);
                    String chosen = names.isEmpty() || responseCase.rotation == 0
                            ? ""
                            : names.get(responseCase.rotation % names.size());
                    return new OpeningHandshake(
                            new HttpRequest("GET", target, HttpVersion.HTTP_1_1, requestCase.apply(lines)),
                            response(key, chosen, responseCase));
                })
                .withoutEdgeCases();
    }

    private static HttpResponse response(String key, String subprotocol, HeadForm form) {
        List<String[]> lines = new ArrayList<>();
        lines.add(line("Upgrade", form.upgrade));
        lines.add(line("Connection", form.connection));
        lines.add(line("Sec-WebSocket-Accept", OpeningHandshake.accept(key)));
        if (!subprotocol.isEmpty()) {
            lines.add(line("Sec-WebSocket-Protocol", subprotocol));
        }
        return HttpResponse.of(101, form.apply(lines));
    }

    private static String[] line(String name, String value) {
        return new String[] {name, value};
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(16)
                .map(bytes -> Base64.getEncoder().encodeToString(bytes));
    }

    private static Arbitrary<String> hosts() {
        return Arbitraries.of("localhost", "example.org", "127.0.0.1:8080", "[::1]:9001", "xn--bcher-kva.example");
    }

    private static Arbitrary<String> targets() {
        Arbitrary<String> path = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("/-._~%:@!")
                .ofMaxLength(12);
        Arbitrary<String> query = Arbitraries.of("", "?", "?a=1&b", "?q=%20?");
        return Combinators.combine(path, query)
                .as((rest, mark) -> "/" + rest.replace("%", "%2F").replaceFirst("^/+", "") + mark);
    }

    private static Arbitrary<List<String[]>> extras() {
        return Arbitraries.of(
                        List.of("User-Agent", "any/1.0 (of any kind)"),
                        List.of("Cookie", "id=\"a b\"; theme=dark"),
                        List.of("Accept-Language", "de,en;q=0.5"),
                        List.of("X-Empty", ""),
                        List.of("Content-Length", "0"),
                        List.of("Authorization", "Basic dXNlcjpwYXNz"))
                .list()
                .uniqueElements()
                .ofMaxSize(3)
                .map(chosen -> chosen.stream()
                        .map(each -> line(each.get(0), each.get(1)))
                        .toList());
    }

    private static Arbitrary<String> tokens() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars("!#$%&'*+-.^_`|~")
                .ofMinLength(1)
                .ofMaxLength(10);
    }

    /**
     * Generates elements of {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1): any name, with parameters of any names
     * and values. An extension of that name need not exist.
     *
     * @return an arbitrary of elements
     */
    public static Arbitrary<ExtensionOffer> extensionOffers() {
        Arbitrary<ExtensionOffer.Parameter> parameter =
                Combinators.combine(tokens(), tokens().injectNull(0.5)).as(ExtensionOffer.Parameter::new);
        return Combinators.combine(tokens(), parameter.list().ofMaxSize(3)).as(ExtensionOffer::new);
    }

    /**
     * Generates requests of opening handshakes with one defect, and the status of the response.
     *
     * @return an arbitrary of broken requests
     */
    public static Arbitrary<BrokenRequest> brokenRequests() {
        return Combinators.combine(Arbitraries.of(BrokenRequest.Defect.values()), openings(), choices())
                .as((defect, good, choice) -> BrokenRequest.of(defect, good.request(), choice))
                .withoutEdgeCases();
    }

    /**
     * Generates responses to any opening handshake with one defect.
     *
     * @return an arbitrary of broken responses
     */
    public static Arbitrary<BrokenResponse> brokenResponses() {
        return Combinators.combine(Arbitraries.of(BrokenResponse.Defect.values()), choices())
                .as(BrokenResponse::new)
                .withoutEdgeCases();
    }

    /**
     * Offers of {@code permessage-deflate}, with any parameters that RFC 7692 §7.1 allows in an offer, in any order.
     *
     * @return an arbitrary of elements that a server may accept
     */
    public static Arbitrary<ExtensionOffer> deflateOffers() {
        Arbitrary<String> bits = Arbitraries.integers().between(8, 15).map(String::valueOf);
        Arbitrary<ExtensionOffer.Parameter> parameters = Arbitraries.oneOf(
                Arbitraries.of(BrokenDeflateElement.SERVER_FORGETS, BrokenDeflateElement.CLIENT_FORGETS),
                bits.map(value -> new ExtensionOffer.Parameter(BrokenDeflateElement.SERVER_BITS, value)),
                bits.injectNull(0.3)
                        .map(value -> new ExtensionOffer.Parameter(BrokenDeflateElement.CLIENT_BITS, value)));
        return parameters
                .list()
                .uniqueElements(ExtensionOffer.Parameter::name)
                .ofMaxSize(4)
                .map(chosen -> new ExtensionOffer(BrokenDeflateElement.NAME, chosen))
                .withoutEdgeCases();
    }

    /**
     * Generates elements of {@code permessage-deflate} with one wrong parameter, in offers and in responses.
     *
     * @return an arbitrary of broken elements
     */
    public static Arbitrary<BrokenDeflateElement> brokenDeflateElements() {
        return Combinators.combine(Arbitraries.of(BrokenDeflateElement.Defect.values()), deflateOffers(), choices())
                .as(BrokenDeflateElement::of)
                .withoutEdgeCases();
    }

    private static Arbitrary<Integer> choices() {
        return Arbitraries.integers().between(0, 1000);
    }
}
