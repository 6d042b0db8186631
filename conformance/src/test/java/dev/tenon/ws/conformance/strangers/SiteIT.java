package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.site.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Headless Chromium shows the files of the site, without a server. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("once")
class SiteIT {
    private static final String SHOW = """
            const done = arguments[arguments.length - 1], begin = performance.now();
            const at = id => document.getElementById(id);
            const text = () => at('frames').innerText.replace(/\\s+/g, ' ');
            const when = (condition, result) => {
              if (condition()) done(result());
              else if (performance.now() - begin > 20000) done('not so: ' + text());
              else requestAnimationFrame(() => when(condition, result));
            };
            const set = (id, value) => { at(id).value = value; at(id).dispatchEvent(new Event('change')); };
            const arrived = () => document.querySelector('.message b');
            const fresh = act => { at('frames').replaceChildren(); act(); };
            """;

    private @Nullable Browser browser;
    private Path site = Path.of("");

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        browser = Browser.start(folder.resolve("profile"));
        site = folder.resolve("site");
        Site.write(Path.of(System.getProperty("tenon.root")), site);
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    private Browser browser() {
        if (browser == null) {
            throw new IllegalStateException("no browser");
        }
        return browser;
    }

    private String playground(String script) throws Exception {
        browser().open(site.resolve("playground.html").toUri().toString());
        return browser().await(SHOW + script);
    }

    @Test
    void aMaskedFrameIsShown() throws Exception {
        assertEquals("“Hello”", playground("when(() => arrived(), () => arrived().innerText);"));
    }

    @Test
    void aMessageBecomesFragmentsAndIsReadAgain() throws Exception {
        assertEquals("3 “Hello”", playground("""
                set('fragment', '2');
                fresh(() => at('encode').click());
                when(() => document.querySelectorAll('.frame').length === 3 && arrived(),
                    () => document.querySelectorAll('.frame').length + ' ' + arrived().innerText);
                """));
    }

    @Test
    void compressedMessagesAreInflated() throws Exception {
        assertEquals("“Hello” (7 bytes inflated to 5)", playground("""
                set('hex', 'c1 07 f2 48 cd c9 c9 07 00');
                set('sender', 'server');
                fresh(() => at('decode').click());
                when(() => arrived(), () => arrived().innerText);
                """));
        assertEquals("“Tenon Tenon Tenon”", playground("""
                set('message', 'Tenon Tenon Tenon');
                at('deflate').checked = true;
                fresh(() => at('encode').click());
                when(() => arrived(), () => arrived().innerText.replace(/ \\(.*/, ''));
                """));
    }

    @Test
    void violationsAreNamed() throws Exception {
        assertEquals("A length that does not use the fewest bytes (§5.2): 1002", playground("""
                set('hex', '82 7e 00 01 00');
                set('sender', 'server');
                fresh(() => at('decode').click());
                when(() => document.querySelector('.problem'), () => document.querySelector('.problem').innerText);
                """));
    }

    @Test
    void anErrorOfAPageIsNoticed() throws Exception {
        browser().open("data:text/html,<script>noSuchThing()</script>");
        assertTrue(browser().console().contains("noSuchThing"));
    }

    @Test
    void everyPageFitsAPhoneAndHasNoError() throws Exception {
        List<Path> pages;
        try (Stream<Path> files = Files.list(site)) {
            pages = files.filter(file -> file.toString().endsWith(".html"))
                    .sorted()
                    .toList();
        }
        browser().resize(390, 844);
        for (Path page : pages) {
            browser().open(page.toUri().toString());
            assertEquals("true", browser().await("""
                    const done = arguments[arguments.length - 1];
                    done(String(document.documentElement.scrollWidth <= window.innerWidth));
                    """), page + " is wider than its window");
            assertEquals("[]", browser().console(), page.toString());
        }
        browser().resize(1280, 1000);
    }
}
