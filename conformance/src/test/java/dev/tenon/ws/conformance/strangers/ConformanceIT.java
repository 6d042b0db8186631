package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.conformance.strangers.Tool.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/**
 * Runs {@code ./ws conformance} against servers with TLS, against several servers at once, and against one with known
 * failures.
 */
@Tag("once")
class ConformanceIT {
    @TempDir
    Path folder;

    private static Result conformance(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("conformance", "--early-timeout", "400"));
        command.addAll(arguments);
        return Tool.run("", command.toArray(String[]::new));
    }

    @Test
    void aServerBehindTlsIsTested() throws Exception {
        TestKey key = TestKey.in(folder);
        String[] listen = {
            "echo",
            "--port",
            "0",
            "--tls",
            "--keystore",
            key.keystore().toString(),
            "--password-file",
            key.passwordFile().toString()
        };
        try (Tool echo = Tool.start(listen)) {
            String uri = "wss://localhost:" + echo.port() + "/ws";
            Path report = folder.resolve("report");
            Result result = conformance(List.of(
                    "--server",
                    uri,
                    "--cacert",
                    ConnectIT.pem(folder, key).toString(),
                    "--report",
                    report.toString(),
                    "--cases",
                    "1.1.*",
                    "--cases",
                    "3.*",
                    "--cases",
                    "7.1.*",
                    "--cases",
                    "12.1.*"));
            assertEquals(0, result.exitCode(), result.toString());
            assertTrue(
                    result.output().matches("(?s)report .*index.html\n[1-9][0-9]* cases: [0-9]+ ok.*"),
                    result.output());
            Result strict = conformance(List.of("--server", uri, "--report", report.toString()));
            assertEquals(2, strict.exitCode(), strict.toString());
            assertEquals(1, strict.errors().lines().count(), strict.errors());
        }
    }

    @Test
    void severalServersAreComparedAndKnownFailuresPass() throws Exception {
        Path junit = folder.resolve("junit.xml");
        Path report = folder.resolve("report");
        try (Tool echo = Tool.start("echo", "--port", "0");
                Tool broadcast = Tool.start("broadcast", "--port", "0", "--path", "/all")) {
            List<String> arguments = new ArrayList<>(List.of(
                    "--server",
                    "good=ws://127.0.0.1:" + echo.port() + "/ws",
                    "--server",
                    "small=ws://127.0.0.1:" + broadcast.port() + "/none",
                    "--cases",
                    "1.1.1",
                    "--cases",
                    "7.1.1",
                    "--timeout",
                    "2000",
                    "--report",
                    report.toString(),
                    "--junit",
                    junit.toString()));
            Result failed = conformance(arguments);
            assertEquals(1, failed.exitCode(), failed.toString());
            assertTrue(failed.output().contains("good: 2 cases: 2 ok"), failed.output());
            assertTrue(failed.output().contains("small: 1.1.1 failed"), failed.output());
            Document xml =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(junit.toFile());
            XPath path = XPathFactory.newInstance().newXPath();
            assertEquals("0", path.evaluate("//testsuite[@name='good']/@failures", xml));
            assertEquals("2", path.evaluate("count(//testsuite[@name='small']/testcase/failure)", xml));
            String page = Files.readString(report.resolve("index.html"));
            assertTrue(page.contains("href=\"small/case-1-1-1.html\""), page);
            assertTrue(Files.exists(report.resolve("small/case-1-1-1.html")));

            arguments.addAll(
                    List.of("--exclude", "1.* it is no echo", "--exclude", "7.1.1 nor this", "--exclude", "1.1.1 old"));
            Result excluded = conformance(arguments);
            assertEquals(0, excluded.exitCode(), excluded.toString());
            assertTrue(excluded.output().contains("small: 2 cases: 2 excluded"), excluded.output());
            assertTrue(
                    excluded.errors().contains("good: nothing needs the exclusion 7.1.1 nor this"), excluded.errors());
            assertTrue(Files.readString(report.resolve("small/report.json")).contains("it is no echo (failed: "));
        }
    }
}
