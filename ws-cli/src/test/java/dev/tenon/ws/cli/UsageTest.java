package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An invalid command prints one line, before it does anything. */
class UsageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    connect ws://127.0.0.1/ --header @missing         | cannot be read
                    connect ws://127.0.0.1/ --cookie nonsense         | NAME=VALUE
                    connect ws://127.0.0.1/ --proxy ftp://x:1         | socks5://
                    connect ws://127.0.0.1/ --resolve nonsense        | HOST:ADDRESS
                    connect ws://127.0.0.1/ --count 0                 | 1 or more
                    connect ws://127.0.0.1/ --max-time -1             | more than 0
                    connect ws://127.0.0.1/ --json --binary           | mutually exclusive
                    connect ws://127.0.0.1/ --cacert x                | wss://
                    connect ws://127.0.0.1/ --user nobody             | has no password
                    conformance --server nonsense                     | ws://host:port/path
                    conformance --server a=ws://x/ --server a=ws://y/ | two servers
                    conformance --server ws://x/ --exclude 6.1        | an id and a reason
                    conformance --server wss://x/ --http2 --http3     | leave one out
                    conformance --listen 0 --http3                    | needs --keystore
                    conformance --server wss://x/ --http3             | ws-cli-netty
                    conformance                                       | conformance: Missing required argument
                    conformance --server ws://x/ --cases 6.* --cases 99.* | there is no case '99.*'
                    conformance --server ws://x/ --max-fragments 1048577 | --max-fragments is 0 to 1048576
                    conformance --server ws://x/ --max-message 9999999999GiB | is too much
                    conformance --server ws://x/ --fast --cases 9.1.6 | there is no case '9.1.6' with --fast
                    connect ws://127.0.0.1/ --header Host:x           | sets Host itself
                    connect ws://127.0.0.1/ --subprotocol a/b         | must be a token
                    bench ws://127.0.0.1/ --header Host:x             | sets Host itself
                    help conect                                       | there is no command 'conect': did you mean connect?
                    bench ws://127.0.0.1/ -s 0x                       | is not a size
                    bench ws://127.0.0.1/ --key x                     | wss://
                    bench wss://127.0.0.1/ --key x                    | add --cert
                    bench wss://127.0.0.1/ --insecure --cacert x      | leave
                    conect ws://127.0.0.1/                            | there is no command 'conect': did you mean connect?
                    connect ws://127.0.0.1/ --bineary                 | there is no option '--bineary': did you mean --binary?
                    connect ws://127.0.0.1/ ws://127.0.0.1/           | an argument too many
                    connect wss://127.0.0.1/ --cacert nowhere.pem     | there is no file 'nowhere.pem'
                    bench --xyz ws://127.0.0.1/                       | there is no option '--xyz' (ws bench
                    """)
    void isReportedInOneLineWithExitCode2(String command, String says) {
        StringWriter errors = new StringWriter();
        int exitCode = Main.commandLine().setErr(new PrintWriter(errors)).execute(command.split(" "));
        assertEquals(2, exitCode, errors.toString());
        assertEquals(1, errors.toString().lines().count(), errors.toString());
        assertTrue(errors.toString().contains(says), errors.toString());
    }
}
