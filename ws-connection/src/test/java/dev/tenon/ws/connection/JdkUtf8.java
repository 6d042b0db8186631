package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/** What the JDK's own decoder says about bytes. */
enum JdkUtf8 {
    WHOLE,
    /** A beginning of UTF-8 that ends inside a code point. */
    CUT,
    /** Bytes that never will be UTF-8, whatever follows. */
    MALFORMED;

    static JdkUtf8 judge(byte[] bytes, int length) {
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
