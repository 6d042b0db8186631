package dev.tenon.ws.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The tool's entry point. */
@Command(name = "tenon", description = "WebSocket in the terminal.", mixinStandardHelpOptions = true)
public final class Main implements Runnable {

    /** For picocli. */
    Main() {}

    /**
     * Runs the command named by the arguments and exits with its status.
     *
     * @param args the command and its options
     */
    public static void main(String... args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
