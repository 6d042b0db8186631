package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where io_uring cannot be used, sockets are those of NIO, and the log says why, once. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FallbackTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String LINE = "INFO: sockets use NIO, since io_uring cannot be used: ";

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    void aSeccompFilterThatRefusesItIsTheReason(int errno) throws Exception {
        String output = Child.run("true", List.of(NATIVE_ACCESS), Refusal.class, String.valueOf(errno));
        assertFallsBack(
                output,
                "the kernel refuses it, which needs Linux 6.12 and no seccomp filter or kernel.io_uring_disabled"
                        + " against it (io_uring_setup: "
                        + (errno == Errno.EPERM ? "Operation not permitted)" : "Function not implemented)"));
    }

    @Test
    void withoutNativeAccessTheReasonIsTheMissingOption() throws Exception {
        String output = Child.run("true", List.of("--illegal-native-access=deny"), Refusal.class);
        assertFallsBack(output, "native access is not enabled: add --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void anotherProcessorIsTheReason() throws Exception {
        String output = Child.run("true", List.of(NATIVE_ACCESS, "-Dos.arch=s390x"), Refusal.class);
        assertFallsBack(output, "it supports the processors amd64 and aarch64, not s390x");
    }

    private static void assertFallsBack(String output, String reason) {
        List<String> lines = output.lines().toList();
        assertEquals(
                List.of(LINE + reason),
                lines.stream().filter(line -> line.startsWith("INFO")).toList(),
                output);
        assertEquals(3, lines.stream().filter("NIO: true"::equals).count(), output);
        assertTrue(lines.contains("told: io_uring cannot be used: " + reason), output);
        assertTrue(lines.contains("connected: true"), output);
    }
}
