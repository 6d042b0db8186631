package dev.tenon.ws.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a page into the frame that all pages have: head, navigation and foot. */
final class Template {
    private static final List<String> TOOLS = List.of("playground.html");

    private final String frame = resource("frame.html");
    private final List<Page> pages;

    Template(List<Page> pages) throws IOException {
        this.pages = pages;
    }

    /** The text of a resource in the package of this class. */
    static String resource(String name) throws IOException {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The whole HTML of a page. */
    String fill(String target, String title, String content) {
        return frame.replace("{title}", escape(title))
                .replace("{navigation}", navigation(target))
                .replace("{content}", content);
    }

    private String navigation(String current) {
        Map<String, StringBuilder> groups = new LinkedHashMap<>();
        groups.computeIfAbsent("Start", name -> new StringBuilder()).append(entry("index.html", "Overview", current));
        for (Page page : pages) {
            groups.computeIfAbsent(page.group(), name -> new StringBuilder())
                    .append(entry(page.target(), page.title(), current));
        }
        for (String tool : TOOLS) {
            groups.get("Start").append(entry(tool, "Playground", current));
        }
        StringBuilder navigation = new StringBuilder();
        groups.forEach((name, entries) -> navigation
                .append("<h2>")
                .append(name)
                .append("</h2><ul>")
                .append(entries)
                .append("</ul>"));
        return navigation.toString();
    }

    private static String entry(String target, String title, String current) {
        return "<li><a href=\"%s\"%s>%s</a></li>"
                .formatted(target, target.equals(current) ? " aria-current=\"page\"" : "", escape(title));
    }

    /** Escapes text for HTML. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
