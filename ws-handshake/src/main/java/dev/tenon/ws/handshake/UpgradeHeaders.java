package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionHeader;
import dev.tenon.ws.extension.ExtensionOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers of the handshake, which callers must not set. */
final class UpgradeHeaders {
    static final String KEY = "Sec-WebSocket-Key";
    static final String VERSION = "Sec-WebSocket-Version";
    static final String ACCEPT = "Sec-WebSocket-Accept";
    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    /** RFC 6455 §4.4. */
    static final String SUPPORTED_VERSION = "13";

    /** RFC 6455 §4.1, and all that could give a head another meaning or a body. */
    private static final List<String> OWNED =
            List.of("host", "upgrade", "connection", "content-length", "transfer-encoding", "te", "trailer", "expect");

    /** RFC 9113 §8.2.2: the headers that are about one connection of HTTP/1.1. */
    static final List<String> OF_ONE_CONNECTION =
            List.of("Connection", "Upgrade", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding");

    private UpgradeHeaders() {}

    /** The first header that HTTP/2 and HTTP/3 do not allow, or null if there is none. */
    static @Nullable String connectionHeader(Headers headers) {
        for (String name : OF_ONE_CONNECTION) {
            if (headers.count(name) > 0) {
                return name;
            }
        }
        return null;
    }

    /**
     * The elements of all {@code Sec-WebSocket-Extensions} lines. A line without an element counts as none
     * (RFC 9110 §5.6.1).
     *
     * @throws dev.tenon.ws.extension.ExtensionException if a value breaks the grammar
     */
    static List<ExtensionOffer> extensions(Headers headers) {
        List<String> values = new ArrayList<>(headers.all(EXTENSIONS));
        values.removeIf(UpgradeHeaders::isEmptyList);
        return ExtensionHeader.parse(values);
    }

    private static boolean isEmptyList(String value) {
        return value.chars().allMatch(c -> c == ',' || HttpSyntax.isSpace(c));
    }

    static void requireFree(Headers headers) {
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("sec-websocket-") || lower.startsWith(":") || OWNED.contains(lower)) {
                throw new IllegalArgumentException("the handshake sets " + name + " itself");
            }
        });
    }
}
