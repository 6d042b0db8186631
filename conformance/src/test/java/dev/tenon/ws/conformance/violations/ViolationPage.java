package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.frame.ConnectionViolation;
import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Generates the page that lists all violations. */
final class ViolationPage {
    private static final String HEAD = """
        # Violations

        Every rule that a peer can break has an id. A `ProtocolException` and a `HandshakeException` have the id of the broken rule;
        their `toString()` contains it in brackets. The events `ConnectionClosed` and `HandshakeRefused` of the flight recorder have it in
        the field `violation`. The ids never change.

        A violation on an open connection ends the connection with the close code, and the sentence is the reason of the Close
        frame. A request is refused with the status, and the sentence is the body of the response. A response that breaks a rule
        ends the connection without a message to the server. Extensions add their own ids by `ExtensionViolation`.

        Each example breaks its rule with the defaults of Tenon, with these exceptions: a message may have 16 bytes (4,096 if it
        is compressed), a body two; two control frames may arrive at once, and one a second. Frames are in hex; those of a client
        are masked with the key 0. Of a head only the lines that differ from a valid head are shown. A star and a number repeat
        the bytes before them. The build sends every example, and fails for an id without one.

        `mvn test -pl conformance -am -Dtest=ViolationsTest -Dviolations.write=true` writes this page.
        """;

    private static final Map<String, String> TITLES = titles();

    private ViolationPage() {}

    private static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("frame", "Frame headers");
        titles.put("message", "Messages");
        titles.put("close", "Close frames");
        titles.put("limit", "Limits of this end");
        titles.put("permessage-deflate", "permessage-deflate");
        titles.put("http", "HTTP messages");
        titles.put("request", "Requests");
        titles.put("response", "Responses");
        titles.put("extension", "Negotiation of extensions");
        return titles;
    }

    static String of(List<Provocation> provocations) {
        Map<String, List<Provocation>> families = provocations.stream()
                .collect(Collectors.groupingBy(
                        each -> each.violation().id().split("\\.", 2)[0], LinkedHashMap::new, Collectors.toList()));
        StringBuilder page = new StringBuilder(HEAD);
        TITLES.forEach((family, title) -> page.append("\n## ")
                .append(title)
                .append("\n\n| id | rule | section | on the wire | example, sent to |\n|---|---|---|---|---|\n")
                .append(families.getOrDefault(family, List.of()).stream()
                        .map(ViolationPage::row)
                        .collect(Collectors.joining())));
        return page.toString();
    }

    private static String row(Provocation provocation) {
        Violation violation = provocation.violation();
        return "| `%s` | %s | %s | %s | %s, to %s |\n"
                .formatted(
                        violation.id(),
                        violation.description(),
                        violation.section(),
                        onTheWire(violation),
                        provocation.example().replace("|", "\\|"),
                        provocation.receiver());
    }

    private static String onTheWire(Violation violation) {
        if (violation instanceof ConnectionViolation broken) {
            return "Close " + broken.closeCode();
        }
        int status = ((HandshakeViolation) violation).status();
        return status == 0 ? "the end" : String.valueOf(status);
    }
}
