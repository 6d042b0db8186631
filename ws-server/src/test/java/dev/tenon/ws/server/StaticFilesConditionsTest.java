package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional requests and ranges of static files (RFC 9110 §13, §14). */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StaticFilesConditionsTest extends StaticFilesTestBase {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match: " + ETAG + " | 304",
                "If-None-Match: W/" + ETAG + " | 304",
                "If-None-Match: \"a\", " + ETAG + " | 304",
                "If-None-Match: * | 304",
                "If-None-Match: \"a\" | 200",
                "If-None-Match: | 200",
                "If-Modified-Since: " + CHANGED + " | 304",
                "If-Modified-Since: Thu, 18 Feb 1999 16:11:59 GMT | 200",
                "If-Modified-Since: Thu, 18 Feb 1999 00:00:00 GMT | 200",
                "If-Modified-Since: Friday, 19-Feb-99 00:00:00 GMT | 304",
                "If-Modified-Since: Sat Feb  6 00:00:00 1999 | 200",
                "If-Modified-Since: Fri Feb 19 00:00:00 1999 | 304",
                "If-Modified-Since: yesterday | 200",
                "If-Match: " + ETAG + " | 200",
                "If-Match: * | 200",
                "If-Match: W/" + ETAG + " | 412",
                "If-Match: \"a\" | 412",
                "If-Unmodified-Since: Thu, 18 Feb 1999 16:11:59 GMT | 412",
                "If-Unmodified-Since: Fri, 19 Feb 1999 07:40:16 GMT | 200",
            })
    void conditionalRequestsAreEvaluated(String condition, int status) throws IOException {
        String response = ask("GET", "/site/data.txt", condition.strip() + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), condition + "\n" + response);
        assertEquals(status == 200 ? "0123456789" : "", body(response));
        if (status == 304) {
            assertTrue(response.contains("\r\nETag: " + ETAG + "\r\n"), response);
            assertTrue(response.contains("\r\nCache-Control: no-cache\r\n"), response);
        }
    }

    @Test
    void theEntityTagPrecedesTheDate() throws IOException {
        String response = ask(
                "GET",
                "/site/data.txt",
                "If-None-Match: \"a\"\r\n",
                "If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT\r\n");
        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 206 | bytes 0-0/10 | 0",
                "bytes=2-4 | 206 | bytes 2-4/10 | 234",
                "bytes=2- | 206 | bytes 2-9/10 | 23456789",
                "bytes=0- | 206 | bytes 0-9/10 | 0123456789",
                "bytes=8-99999999999999999999 | 206 | bytes 8-9/10 | 89",
                "bytes=-3 | 206 | bytes 7-9/10 | 789",
                "Bytes= 1 - 2 | 206 | bytes 1-2/10 | 12",
                "bytes=-10 | 200 | | 0123456789",
                "bytes=-11 | 200 | | 0123456789",
                "bytes=0-1,3-4 | 200 | | 0123456789",
                "bytes=4-2 | 200 | | 0123456789",
                "bytes=a-b | 200 | | 0123456789",
                "bytes=- | 200 | | 0123456789",
                "bytes=5 | 200 | | 0123456789",
                "bytes=-1-2 | 200 | | 0123456789",
                "lines=1-2 | 200 | | 0123456789",
                "bytes=10- | 416 | bytes */10 | ''",
                "bytes=99-100 | 416 | bytes */10 | ''",
                "bytes=-0 | 416 | bytes */10 | ''",
            })
    void oneRangeIsServed(String range, int status, String contentRange, String text) throws IOException {
        String response = ask("GET", "/site/data.txt", "Range: " + range + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        assertEquals(contentRange != null, response.contains("\r\nContent-Range: " + contentRange + "\r\n"), response);
        assertTrue(response.contains("\r\nContent-Length: " + text.length() + "\r\n"), response);
        assertEquals(text, body(response));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ETAG + " | 206",
                "W/" + ETAG + " | 200",
                "\"a\" | 200",
                "Thu, 18 Feb 1999 16:11:59 GMT | 200",
                CHANGED + " | 206",
                "nonsense | 200",
            })
    void aRangeOfAChangedFileIsTheWholeFile(String condition, int status) throws IOException {
        String response = ask("GET", "/site/data.txt", "Range: bytes=0-1\r\n", "If-Range: " + condition + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
    }

    @Test
    void aRangeOfAnEmptyFileIsTheWholeOrNone() throws IOException {
        assertTrue(ask("GET", "/site/empty/x", "Range: bytes=0-\r\n").startsWith("HTTP/1.1 416 "));
        assertTrue(ask("GET", "/site/empty/x", "Range: bytes=-5\r\n").startsWith("HTTP/1.1 200 "));
    }
}
