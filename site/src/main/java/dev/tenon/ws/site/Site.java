package dev.tenon.ws.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the site. */
public final class Site {
    private static final List<String> FILES = List.of("site.css", "frames.js", "playground.js");

    private Site() {}

    /**
     * Writes the site into a folder.
     *
     * @param args the root of the repository, and the folder
     * @throws IOException if a file cannot be read or written, or has no heading
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: Site ROOT FOLDER");
        }
        int pages = write(Path.of(args[0]), Path.of(args[1]));
        System.out.println(pages + " pages in " + args[1] + ": open index.html");
    }

    /**
     * Writes all pages, and the files that they need.
     *
     * @param root the root of the repository
     * @param folder where to write; it is created, and existing files are replaced
     * @return the number of pages
     * @throws IOException if a file cannot be read or written, or has no heading
     */
    public static int write(Path root, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Page> pages = Catalogue.of(root);
        Renderer renderer = new Renderer(pages);
        Template template = new Template(pages);
        for (Page page : pages) {
            String rendered = renderer.render(page.source(), Files.readString(root.resolve(page.source())));
            String content = Results.insertInto(rendered, root.resolve("benchmarks/results"));
            write(
                    folder,
                    page.target(),
                    template.fill(page.target(), page.title(), "<article>" + content + "</article>"));
        }
        write(
                folder,
                "index.html",
                template.fill("index.html", "WebSocket for Java in pieces that fit", new Landing(root).content()));
        write(
                folder,
                "playground.html",
                template.fill("playground.html", "Playground", Template.resource("playground.html")));
        for (String file : FILES) {
            write(folder, file, Template.resource(file));
        }
        return pages.size() + 2;
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
