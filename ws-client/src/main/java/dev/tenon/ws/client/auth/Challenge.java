package dev.tenon.ws.client.auth;

import java.util.List;
import java.util.Map;

/**
 * A challenge of {@code WWW-Authenticate} or {@code Proxy-Authenticate} (RFC 9110 §11.3, §11.6.1).
 *
 * @param scheme in lower case
 * @param token68 the token in place of parameters, or the empty string
 * @param parameters unquoted values by name in lower case; the first one of a repeated name
 * @param wellFormed whether the challenge follows the grammar, with each parameter once
 */
public record Challenge(String scheme, String token68, Map<String, String> parameters, boolean wellFormed) {
    /** The parameter, or the empty string. */
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads all challenges of a header. A malformed challenge does not hide the others. */
    public static List<Challenge> parse(List<String> lines) {
        return lines.stream()
                .flatMap(line -> new ChallengeParser(line).challenges().stream())
                .toList();
    }
}
