package dev.tenon.ws.server;

import dev.tenon.ws.handshake.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds values in the query and in the cookies of a request. */
final class RequestValues {
    private RequestValues() {}

    /** The decoded values of a parameter of an {@code application/x-www-form-urlencoded} query, in order. */
    static List<String> ofQuery(@Nullable String query, String name) {
        if (query == null) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!pair.isEmpty() && PercentDecoder.decodeForm(key).equals(name)) {
                values.add(equals < 0 ? "" : PercentDecoder.decodeForm(pair.substring(equals + 1)));
            }
        }
        return List.copyOf(values);
    }

    /** The value of the first cookie with a name, without the quotes around it (RFC 6265 §4.1.1), or null. */
    static @Nullable String ofCookies(Headers headers, String name) {
        for (String line : headers.all("Cookie")) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && pair.substring(0, equals).strip().equals(name)) {
                    return unquoted(pair.substring(equals + 1).strip());
                }
            }
        }
        return null;
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
