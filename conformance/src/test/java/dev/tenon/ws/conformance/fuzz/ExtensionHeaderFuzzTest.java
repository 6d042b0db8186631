package dev.tenon.ws.conformance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.MemoryMode;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.examples.crc.Crc32cProvider;
import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Feeds arbitrary text as {@code Sec-WebSocket-Extensions} to a server and to a client. The first byte of an input
 * selects the providers, the others are the header's lines.
 */
class ExtensionHeaderFuzzTest {
    private static final List<Extensions> ENDS = List.of(
            with(DeflateOptions.defaults()),
            with(DeflateOptions.defaults().withTakeover(true, true).withWindowBits(12, 10)),
            with(DeflateOptions.defaults().withTakeover(false, false).withWindowBits(8, 8)),
            with(DeflateOptions.defaults().withTakeover(true, true).withMemory(MemoryMode.DEDICATED)));

    private static Extensions with(DeflateOptions options) {
        return Extensions.of(new PermessageDeflate(options), new Crc32cProvider());
    }

    @FuzzTest(maxDuration = "10m")
    void anyHeaderAtAll(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Extensions end = ENDS.get(input[0] & 3);
        List<String> lines =
                new String(input, 1, input.length - 1, ISO_8859_1).lines().toList();
        List<ExtensionOffer> read;
        try {
            read = ExtensionHeader.parse(lines);
        } catch (ExtensionException malformed) {
            assertTrue(
                    lines.stream().anyMatch(ExtensionHeaderFuzzTest::isMalformed), "no line of it is wrong by itself");
            return;
        }
        checkRead(lines, read);
        checkAccept(end, read);
        checkConfirm(end, read);
    }

    private static boolean isMalformed(String line) {
        try {
            ExtensionHeader.parse(List.of(line));
            return false;
        } catch (ExtensionException malformed) {
            return true;
        }
    }

    private static void checkRead(List<String> lines, List<ExtensionOffer> read) {
        assertTrue(!lines.isEmpty() || read.isEmpty(), "no element comes from no line");
        int written = 0;
        for (ExtensionOffer offer : read) {
            written += 1 + offer.parameters().size();
        }
        assertTrue(written <= lines.stream().mapToInt(String::length).sum(), "nothing comes from nothing");
        if (!read.isEmpty()) {
            assertEquals(read, ExtensionHeader.parse(List.of(ExtensionHeader.format(read))), "in one line");
        }
        List<String> each = read.stream().map(ExtensionOffer::toString).toList();
        assertEquals(read, ExtensionHeader.parse(each), "in lines of their own");
        List<String> again = new ArrayList<>(Collections.nCopies(3, String.join(",", lines)));
        List<ExtensionOffer> thrice = lines.isEmpty() ? List.of() : ExtensionHeader.parse(again);
        assertEquals(3 * read.size(), thrice.size(), "several lines are one list");
    }

    /** As a server: offers cause no exception, and the accepted response, offered again, is accepted unchanged. */
    private static void checkAccept(Extensions end, List<ExtensionOffer> offers) {
        List<NegotiatedExtension> agreed = end.accept(offers);
        List<ExtensionOffer> response =
                agreed.stream().map(NegotiatedExtension::agreed).toList();
        Set<String> names = new HashSet<>();
        int rsv = 0;
        for (NegotiatedExtension extension : agreed) {
            assertTrue(names.add(extension.agreed().name()), "each at most once");
            assertEquals(0, rsv & extension.rsv(), "one owner of a bit");
            rsv |= extension.rsv();
        }
        assertEquals(
                response,
                end.accept(response).stream().map(NegotiatedExtension::agreed).toList());
    }

    /** As a client: a response is refused, or accepted unchanged except for the case of its names. */
    private static void checkConfirm(Extensions end, List<ExtensionOffer> response) {
        try {
            List<NegotiatedExtension> agreed = end.confirm(response);
            assertEquals(response.size(), agreed.size());
            for (int i = 0; i < response.size(); i++) {
                ExtensionOffer stands = agreed.get(i).agreed();
                assertTrue(stands.name().equalsIgnoreCase(response.get(i).name()), stands::toString);
                assertEquals(response.get(i).parameters(), stands.parameters());
            }
        } catch (ExtensionException refused) {
            assertTrue(!response.isEmpty(), "no response is no error");
        }
    }
}
