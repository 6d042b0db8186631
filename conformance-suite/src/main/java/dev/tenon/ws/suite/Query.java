package dev.tenon.ws.suite;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A request of a client to the fuzzing server: a path and parameters. */
record Query(String path, Map<String, String> parameters) {

    static Query of(String target) {
        String[] parts = target.split("\\?", 2);
        Map<String, String> parameters = new TreeMap<>();
        for (String pair : (parts.length == 1 ? "" : parts[1]).split("&", -1)) {
            String[] nameAndValue = pair.split("=", 2);
            parameters.put(nameAndValue[0], nameAndValue.length == 1 ? "" : decode(nameAndValue[1]));
        }
        return new Query(parts[0], parameters);
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** Returns the number of a case, from 1 on; 0 if there is none. */
    int caseNumber() {
        String number = parameters.getOrDefault("case", "");
        return number.matches("\\d{1,6}") ? Integer.parseInt(number) : 0;
    }

    String agent() {
        String agent = parameters.getOrDefault("agent", "");
        return agent.isEmpty() ? "unnamed" : agent;
    }
}
