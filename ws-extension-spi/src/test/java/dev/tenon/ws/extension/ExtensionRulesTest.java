package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import dev.tenon.ws.frame.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The error messages of refused arguments, and the defaults of an extension. */
class ExtensionRulesTest {
    /** An extension without RSV bits and opcodes, so that only its name can conflict; it uses all defaults. */
    private record Bare(ExtensionOffer agreed, int rsv) implements NegotiatedExtension {
        @Override
        public Extension open(ExtensionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    private record Provider(String name, int rsv) implements ExtensionProvider {
        @Override
        public List<ExtensionOffer> offers() {
            return List.of(ExtensionOffer.of(name));
        }

        @Override
        public NegotiatedExtension accept(ExtensionOffer offer) {
            return new Bare(offer, rsv);
        }

        @Override
        public NegotiatedExtension confirm(ExtensionOffer response) {
            return new Bare(response, rsv);
        }
    }

    private final Extensions ends =
            Extensions.of(new Provider("bare", 0), new Provider("one", 1), new Provider("two", 1));

    private static List<ExtensionOffer> elements(String header) {
        return ExtensionHeader.parse(List.of(header));
    }

    private String refusal(String response) {
        return String.valueOf(assertThrows(ExtensionException.class, () -> ends.confirm(elements(response)))
                .getMessage());
    }

    @Test
    void anExtensionWithoutBitsIsNegotiatedOnceOnly() {
        assertEquals(1, ends.accept(elements("bare, bare")).size());
        assertEquals("the server agreed to an extension twice: bare", refusal("bare, bare"));
    }

    @Test
    void aConflictIsReportedWithBothNames() {
        assertEquals(
                "the server agreed to extensions that cannot work together: two and one, which use the same RSV bit or"
                        + " opcode",
                refusal("one, two"));
    }

    @Test
    void byDefaultAnExtensionNeedsNoRoomAndItsFramesAreNotSplit() {
        NegotiatedExtension bare = ends.accept(elements("bare")).get(0);
        assertEquals(1234, bare.maxPayloadLength(1234));
        assertFalse(bare.fragmentable());
    }

    @Test
    void aMessageLimitIsNotNegative() {
        assertEquals(0, new ExtensionContext(Role.CLIENT, 0).maxMessageLength());
        assertThrows(IllegalArgumentException.class, () -> new ExtensionContext(Role.CLIENT, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a;b", "\"a\"", "ä", "a\r\nb"})
    void namesAndValuesThatAreNoTokensAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ExtensionOffer.of(text));
        assertThrows(IllegalArgumentException.class, () -> Parameter.flag(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ä", "a\r\nb", "\u007f"})
    void aValueIsVisibleAsciiOrRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> new Parameter("name", text));
    }

    @Test
    void spacesAreAllowedAroundAnEqualsSign() {
        List<ExtensionOffer> plain = elements("a; x=1");
        for (String spaced : List.of("a; x =1", "a; x= 1", "a; x \t = \t1", "a; x= \"1\"")) {
            assertEquals(plain, elements(spaced), spaced);
        }
    }

    @Test
    void aMistakeIsReportedWithItsPositionCountedFromOne() {
        ExtensionException e = assertThrows(ExtensionException.class, () -> elements("a; =1"));
        assertEquals(
                "Sec-WebSocket-Extensions does not follow its grammar: expected a token at character 4",
                e.getMessage());
    }
}
