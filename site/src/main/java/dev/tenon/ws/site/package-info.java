/**
 * Makes the static site.
 *
 * <pre>{@code
 * README.md, docs/*.md, MODULE/README.md -> Catalogue -> Page -> Renderer (Markdown to HTML, links to pages) -> Template -> *.html
 * benchmarks/results/*.json              -> Results   -> tables, Chart (SVG)
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.site;

import org.jspecify.annotations.NullMarked;
