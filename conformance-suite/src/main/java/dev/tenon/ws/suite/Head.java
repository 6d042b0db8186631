package dev.tenon.ws.suite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The head of an HTTP message, with a simple reader. */
record Head(String text) {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** The status of a response, or 0 if the head is not a response. */
    int status() {
        String[] words = Wire.firstLine(text).split(" ", 3);
        return words.length > 1 && words[0].startsWith("HTTP/") && words[1].matches("\\d{3}")
                ? Integer.parseInt(words[1])
                : 0;
    }

    /** The target of a request. */
    String target() {
        String[] words = Wire.firstLine(text).split(" ", -1);
        return words.length > 1 ? words[1] : "";
    }

    /** All values of a header, in order. */
    List<String> values(String name) {
        List<String> values = new ArrayList<>();
        text.lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        });
        return values;
    }

    /** The single value of a header; empty if there are none or several. */
    String value(String name) {
        List<String> values = values(name);
        return values.size() == 1 ? values.get(0) : "";
    }

    boolean hasToken(String name, String token) {
        return values(name).stream()
                .flatMap(value -> Arrays.stream(value.toLowerCase(Locale.ROOT).split(",")))
                .anyMatch(value -> value.strip().equals(token));
    }

    /** The accept value of a key (RFC 6455 §4.2.2). */
    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
