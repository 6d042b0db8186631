package dev.tenon.ws.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first page: three programs of the README, and a chart of measured results. */
final class Landing {
    private static final int PROGRAMS = 3;
    private static final List<String> SHOWN = List.of("tenon", "uws", "beast", "netty-nio", "netty-epoll");

    private final Path root;

    Landing(Path root) {
        this.root = root;
    }

    String content() throws IOException {
        return Template.resource("landing.html")
                .replace("{programs}", programs())
                .replace("{chart}", chart());
    }

    private String programs() throws IOException {
        List<Program> found = Program.of(Files.readAllLines(root.resolve("README.md")));
        if (found.size() < PROGRAMS) {
            throw new IOException("README.md has only " + found.size() + " programs");
        }
        StringBuilder programs = new StringBuilder();
        for (Program program : found.subList(0, PROGRAMS)) {
            programs.append(
                    "<figure><figcaption>%s</figcaption><pre><code class=\"language-java\">%s</code></pre></figure>"
                            .formatted(Template.escape(program.title()), Template.escape(program.code())));
        }
        return programs.toString();
    }

    /** A heading, and the first block of Java behind it. */
    private record Program(String title, String code) {
        static List<Program> of(List<String> lines) {
            List<Program> programs = new ArrayList<>();
            String title = "";
            @Nullable StringBuilder code = null;
            for (String line : lines) {
                if (code == null && line.startsWith("#")) {
                    title = line.replaceFirst("#+ +", "");
                } else if (code == null && line.equals("```java")) {
                    code = new StringBuilder();
                } else if (code != null && line.equals("```")) {
                    if (!title.isEmpty()) {
                        programs.add(new Program(title, code.toString()));
                    }
                    title = "";
                    code = null;
                } else if (code != null) {
                    code.append(line).append('\n');
                }
            }
            return programs;
        }
    }

    private String chart() throws IOException {
        return Results.read(root.resolve("benchmarks/results/servers.json")).chart(SHOWN);
    }
}
