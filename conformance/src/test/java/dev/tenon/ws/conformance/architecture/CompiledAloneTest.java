package dev.tenon.ws.conformance.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * HotSpot inlines no method of more than 325 bytes of code. Methods whose speed must not depend on their caller are
 * longer.
 */
class CompiledAloneTest {
    private static final int FREQ_INLINE_SIZE = 325;
    private static final Pattern OFFSET = Pattern.compile("^ +(\\d+): ", Pattern.MULTILINE);

    @ParameterizedTest
    @CsvSource({
        "dev.tenon.ws.frame.FrameDecoder, ' boolean decode('",
        "dev.tenon.ws.frame.Masking, ' void applyLongs('",
        "dev.tenon.ws.frame.Masking, ' void copyFew('",
        "dev.tenon.ws.connection.Utf8Validator, ' void accept('"
    })
    void isTooLongToBeInlined(Class<?> type, String method) {
        URL file = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
        StringWriter listing = new StringWriter();
        ToolProvider javap = ToolProvider.findFirst("javap").orElseThrow();
        int exit = javap.run(new PrintWriter(listing), new PrintWriter(listing), "-c", "-p", file.toString());
        assertEquals(0, exit, listing::toString);
        int at = listing.toString().indexOf(method);
        assertTrue(at >= 0, "no such method: " + method);
        String code = listing.toString().substring(at).split("\\R\\R", 2)[0];
        int last = 0;
        for (Matcher offset = OFFSET.matcher(code); offset.find(); ) {
            last = Math.max(last, Integer.parseInt(offset.group(1)));
        }
        assertTrue(last > FREQ_INLINE_SIZE, type + method + " has " + last + " bytes of code");
    }
}
