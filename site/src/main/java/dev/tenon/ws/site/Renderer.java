package dev.tenon.ws.site;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Renders Markdown as HTML. Links to files of the repository become links to their pages; of a link to a file without a page, only the text remains. */
final class Renderer {
    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
    private static final HtmlRenderer HTML =
            HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(false).build();
    private static final Pattern LINK = Pattern.compile("<a href=\"([^\"]*)\">(.*?)</a>", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("(?<!<pre>)<code>([^<]*)</code>|<h1[^>]*>[^<]*</h1>");
    private static final Pattern BOUNDARY =
            Pattern.compile("(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z0-9)][.(/_])(?=[A-Za-z0-9])");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");

    private final Map<String, String> targets;

    Renderer(List<Page> pages) {
        targets = pages.stream().collect(Collectors.toMap(Page::source, Page::target));
    }

    /** The HTML of the Markdown text of a file of the repository. */
    String render(String source, String markdown) {
        String html = HTML.render(PARSER.parse(markdown));
        String scrolling =
                html.replace("<table>", "<div class=\"table\"><table>").replace("</table>", "</table></div>");
        return LINK.matcher(breakable(scrolling))
                .replaceAll(match -> Matcher.quoteReplacement(link(source, match.group(1), match.group(2))));
    }

    /** Lets long names in the text break between their words, so that no table is as wide as the name of a test. */
    private static String breakable(String html) {
        return NAME.matcher(html)
                .replaceAll(match ->
                        Matcher.quoteReplacement(BOUNDARY.matcher(match.group()).replaceAll("<wbr>")));
    }

    private String link(String source, String href, String text) {
        return target(source, href)
                .map(target -> "<a href=\"" + target + "\">" + text + "</a>")
                .orElse(text);
    }

    /** The target of a link on the site, or nothing if its file has no page. */
    private Optional<String> target(String source, String href) {
        if (ABSOLUTE.matcher(href).matches() || href.startsWith("#")) {
            return Optional.of(href);
        }
        int hash = href.indexOf('#');
        String path = hash < 0 ? href : href.substring(0, hash);
        String fragment = hash < 0 ? "" : href.substring(hash);
        Path parent = Path.of("/" + source).resolveSibling(path).normalize();
        String file = parent.toString().substring(1).replace('\\', '/');
        Function<String, Optional<String>> find =
                name -> Optional.ofNullable(targets.get(name)).map(target -> target + fragment);
        return find.apply(file).or(() -> find.apply(file.isEmpty() ? "README.md" : file + "/README.md"));
    }
}
