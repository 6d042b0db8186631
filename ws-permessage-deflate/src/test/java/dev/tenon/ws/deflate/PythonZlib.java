package dev.tenon.ws.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.HexFormat;
import java.util.Optional;

/** A Python process that uses zlib with any window, like a peer with a native zlib. */
final class PythonZlib implements AutoCloseable {
    private static final String SCRIPT = """
            import sys, zlib
            TAIL = b'\\x00\\x00\\xff\\xff'
            for line in sys.stdin:
                op, _, rest = line.strip().partition(' ')
                if op == 'window':
                    bits, takeover = rest.split()
                    bits, takeover = int(bits), takeover == 'true'
                    c = d = None
                    print('ready')
                elif op == 'inflate':
                    if d is None or not takeover:
                        d = zlib.decompressobj(wbits=-bits)
                    try:
                        print('=' + (d.decompress(bytes.fromhex(rest) + TAIL) + d.flush(zlib.Z_SYNC_FLUSH)).hex())
                    except zlib.error as e:
                        print('zlib: ' + str(e))
                else:
                    if c is None or not takeover:
                        c = zlib.compressobj(wbits=-bits)
                    z = c.compress(bytes.fromhex(rest)) + c.flush(zlib.Z_SYNC_FLUSH)
                    assert z.endswith(TAIL)
                    print('=' + z[:-4].hex())
                sys.stdout.flush()
            """;

    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private PythonZlib(Process process) {
        this.process = process;
        this.requests = process.outputWriter(US_ASCII);
        this.answers = process.inputReader(US_ASCII);
    }

    /** Starts a process; empty if this machine has no python3 with zlib. */
    static Optional<PythonZlib> start() {
        try {
            PythonZlib python = new PythonZlib(new ProcessBuilder("python3", "-c", SCRIPT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
            python.window(15, false);
            return Optional.of(python);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Begins a connection. */
    void window(int bits, boolean takeover) throws IOException {
        ask("window " + bits + " " + takeover);
    }

    byte[] inflate(byte[] payload) throws IOException {
        return bytes(ask("inflate " + HexFormat.of().formatHex(payload)));
    }

    byte[] deflate(byte[] message) throws IOException {
        return bytes(ask("deflate " + HexFormat.of().formatHex(message)));
    }

    private static byte[] bytes(String response) {
        if (!response.startsWith("=")) {
            throw new AssertionError(response);
        }
        return HexFormat.of().parseHex(response.substring(1));
    }

    private String ask(String request) throws IOException {
        requests.write(request + "\n");
        requests.flush();
        String response = answers.readLine();
        if (response == null) {
            throw new IOException("python3 ended");
        }
        return response;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
