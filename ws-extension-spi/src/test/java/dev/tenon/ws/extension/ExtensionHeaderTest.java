package dev.tenon.ws.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.ExtensionOffer.Parameter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionHeaderTest {
    private static List<ExtensionOffer> parse(String... values) {
        return ExtensionHeader.parse(List.of(values));
    }

    @Test
    void readsTheExamplesOfRfc6455() { // §9.1
        assertEquals(List.of(ExtensionOffer.of("foo")), parse("foo"));
        assertEquals(List.of(ExtensionOffer.of("bar", Parameter.of("baz", 2))), parse("bar; baz=2"));
        assertEquals(
                List.of(
                        ExtensionOffer.of("deflate-stream"),
                        ExtensionOffer.of("mux", new Parameter("max-channels", "4"), Parameter.flag("flow-control")),
                        ExtensionOffer.of("deflate-stream")),
                parse("deflate-stream, mux; max-channels=4; flow-control, deflate-stream"));
        assertEquals(List.of(ExtensionOffer.of("private-extension")), parse("private-extension"));
    }

    @Test
    void severalLinesAreOneList() {
        assertEquals(parse("foo, bar; baz=2"), parse("foo", "bar; baz=2"));
    }

    @Test
    void aQuotedValueIsTheTokenInsideIt() {
        assertEquals(List.of(ExtensionOffer.of("a", new Parameter("b", "10"))), parse("a; b=\"10\""));
        assertEquals(List.of(ExtensionOffer.of("a", new Parameter("b", "10"))), parse("a; b=\"\\1\\0\""));
    }

    /** Agents of TR-369 write their endpoint ID in this form. */
    @ParameterizedTest
    @ValueSource(strings = {"os::012345-C25171DF1F85", "a\"b\\c", "x,y;z=1"})
    void aQuotedValueThatIsNoTokenKeepsItsQuotes(String value) {
        ExtensionOffer usp = ExtensionOffer.of("bbf-usp-protocol", new Parameter("eid", value));
        assertEquals(List.of(usp, ExtensionOffer.of("b")), parse(usp + ", b"));
        assertEquals(
                "bbf-usp-protocol; eid=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"", usp.toString());
    }

    @Test
    void spacesAndEmptyElementsAreLegal() {
        assertEquals(parse("a;b=1,c"), parse(" , a\t; b=1 ,, c ,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " ,\t, "})
    void aListWithoutElementsCountsAsNone(String value) {
        assertEquals(List.of(), parse(value));
        assertEquals(parse("a"), parse(value, "a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "a;",
                "a; =1",
                "a; b=",
                "a; b=\"",
                "a; b=\"1",
                "a; b=\"\"",
                "a; b=\"\\",
                "a b",
                "a; b c",
                "a; b=\"x y\"",
                "a; b=\"x\ty\"",
                "a; b=\"ä\"",
                "a; b=os::1",
                "a; b=1 2",
                "ä",
                "a=1",
                "\"a\"",
                "a;; b",
                "a; b=\"1\"2"
            })
    void valuesThatBreakTheGrammarAreRefused(String value) {
        assertThrows(ExtensionException.class, () -> parse(value));
    }
}
