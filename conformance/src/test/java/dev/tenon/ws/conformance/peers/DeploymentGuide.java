package dev.tenon.ws.conformance.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configurations of docs/guides/deployment.md, which the tests of these proxies use. */
final class DeploymentGuide {
    private static final Path PAGE = Path.of(System.getProperty("tenon.root"), "docs", "guides", "deployment.md");

    private DeploymentGuide() {}

    /** Returns the block of code in a language. */
    static String configuration(String language) throws IOException {
        String begin = "```" + language + "\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(begin) + begin.length();
        return page.substring(from, page.indexOf("```", from));
    }

    /** Replaces a part that the text must have. */
    static String replaced(String text, String part, String by) {
        if (!text.contains(part)) {
            throw new AssertionError("docs/guides/deployment.md has no '" + part + "' any more");
        }
        return text.replace(part, by);
    }
}
