package dev.tenon.ws.transport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where io_uring cannot be used, sockets are those of NIO, and the log says why, once. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FallbackTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String LINE = "INFO: sockets use NIO, since io_uring cannot be used: ";

    @ParameterizedTest
    @CsvSource({
        "1, Operation not permitted",
        "38, Function not implemented",
        "12, 'Cannot allocate memory; each selector needs 56 KiB of locked memory: raise its limit, ulimit -l'"
    })
    void aKernelThatRefusesItIsTheReason(int errno, String reason) throws Exception {
        String output = Child.run("true", List.of(NATIVE_ACCESS), Refusal.class, String.valueOf(errno));
        assertFallsBack(
                output,
                "the kernel refuses it, which needs Linux 6.12 and no seccomp filter or kernel.io_uring_disabled"
                        + " against it (io_uring_setup: "
                        + reason
                        + ")");
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

    /** Closing reports the failure, and releases everything all the same. */
    @Test
    void aRefusalInTheMiddleIsReportedAndLeaksNothing() throws Exception {
        SelectorProvider unused = Kernel.provider();
        assertEquals("""
                a completion is lost: io_uring_enter: Invalid request descriptor
                after that: io_uring_enter: Invalid request descriptor
                close: io_uring_enter: Invalid request descriptor
                select: io_uring_enter: Operation not permitted
                close: io_uring_enter: Operation not permitted
                channel with unsent bytes is open: false
                descriptors left: 0
                """, Child.run("true", List.of(NATIVE_ACCESS), LateRefusal.class));
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
