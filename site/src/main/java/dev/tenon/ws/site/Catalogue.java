package dev.tenon.ws.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the pages of the site. A document that is new in one of the folders becomes a page by itself. */
final class Catalogue {
    private final Path root;
    private final List<Page> pages = new ArrayList<>();

    private Catalogue(Path root) {
        this.root = root;
    }

    /** All pages below a root, in the order of the navigation. */
    static List<Page> of(Path root) throws IOException {
        Catalogue catalogue = new Catalogue(root);
        catalogue.add("docs/guides/first-minute.md", "guides-first-minute.html", "Start", "The first minute");
        catalogue.add("README.md", "start.html", "Start", "Read me");
        catalogue.folder("docs/guides", "Guides");
        catalogue.folder("docs/migrate", "Coming from");
        catalogue.folder("docs", "Reference");
        catalogue.add("benchmarks/README.md", "performance.html", "Reference", "Benchmarks");
        catalogue.add("examples/compare/README.md", "compare.html", "Reference", "The same programs elsewhere");
        catalogue.add("ARCHITECTURE.md", "architecture.html", "Project", "Architecture");
        catalogue.add("CONTRIBUTING.md", "contributing.html", "Project", "Contributing");
        catalogue.add("CHANGELOG.md", "changelog.html", "Project", "Changelog");
        catalogue.add("SECURITY.md", "report.html", "Project", "Report a vulnerability");
        catalogue.add("ROADMAP.md", "roadmap.html", "Project", "Roadmap and compatibility");
        catalogue.add("release/README.md", "release.html", "Project", "Releasing");
        catalogue.modules();
        return List.copyOf(catalogue.pages);
    }

    private void folder(String folder, String group) throws IOException {
        if (!Files.isDirectory(root.resolve(folder))) {
            return;
        }
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replace(".md", "");
                String prefix = folder.equals("docs") ? "" : folder.replaceFirst(".*/", "") + "-";
                String source = folder + "/" + name + ".md";
                if (pages.stream().noneMatch(page -> page.source().equals(source))) {
                    add(source, prefix + name + ".html", group, heading(file));
                }
            }
        }
    }

    private void modules() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            for (Path folder : files.sorted().toList()) {
                String name = folder.getFileName().toString();
                boolean isModule = Files.exists(folder.resolve("pom.xml")) && Files.exists(folder.resolve("README.md"));
                if (isModule && !name.equals("benchmarks") && !name.equals("release")) {
                    add(name + "/README.md", "module-" + name + ".html", "Modules", name);
                }
            }
        }
    }

    private void add(String source, String target, String group, String title) {
        pages.add(new Page(source, target, group, title));
    }

    /** The text of the first heading of a file. */
    private static String heading(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("# "))
                .findFirst()
                .map(line -> line.substring(2).replace("`", ""))
                .orElseThrow(() -> new IOException(file + " has no heading"));
    }
}
