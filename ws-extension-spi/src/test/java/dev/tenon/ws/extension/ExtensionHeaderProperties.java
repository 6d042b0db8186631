package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.NotEmpty;

class ExtensionHeaderProperties {
    @Provide
    Arbitrary<String> tokens() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars("ABZ!#$%&'*+-.^_`|~")
                .ofMinLength(1)
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<List<ExtensionOffer>> offers() {
        Arbitrary<Parameter> parameter =
                Combinators.combine(tokens(), tokens().injectNull(0.3)).as(Parameter::new);
        return Combinators.combine(tokens(), parameter.list().ofMaxSize(4))
                .as(ExtensionOffer::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<String> nearlyHeaders() {
        return Arbitraries.strings().withChars("ab1,;=\"\\ \t\u00e4").ofMaxLength(20);
    }

    @Property
    void readingAfterWritingIsTheIdentity(@ForAll("offers") @NotEmpty List<ExtensionOffer> offers) {
        assertEquals(offers, ExtensionHeader.parse(List.of(ExtensionHeader.format(offers))));
        assertEquals(
                offers,
                ExtensionHeader.parse(
                        offers.stream().map(ExtensionOffer::toString).toList()));
    }

    @Property(tries = 5000)
    void anyTextIsRefusedOrReadAndCanBeWrittenAgain(@ForAll("nearlyHeaders") String value) {
        List<ExtensionOffer> read;
        try {
            read = ExtensionHeader.parse(List.of(value));
        } catch (ExtensionException expected) {
            return;
        }
        assertEquals(read, ExtensionHeader.parse(List.of(ExtensionHeader.format(read))));
    }
}
