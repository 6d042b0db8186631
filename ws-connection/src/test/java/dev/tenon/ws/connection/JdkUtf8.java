package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/** The result of the JDK's decoder for some bytes. */
enum JdkUtf8 {
    WHOLE,
    /** Valid UTF-8 that ends inside a code point. */
    CUT,
    /** Bytes that are invalid, whatever follows. */
    MALFORMED;

    static JdkUtf8 check(byte[] bytes, int length) {
        byte[] first = Arrays.copyOf(bytes, length);
        if (isWhole(first)) {
            return WHOLE;
        }
        for (String rest : new String[] {"80", "bf", "8080", "bfbf", "808080", "bfbfbf"}) {
            if (isWhole(Bytes.concat(first, Bytes.hex(rest)))) {
                return CUT;
            }
        }
        return MALFORMED;
    }

    private static boolean isWhole(byte[] bytes) {
        try {
            UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
