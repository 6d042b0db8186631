package dev.tenon.ws.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The tool's entry point. Exit codes: 0 for success, 1 for a failed connection, 2 for an invalid command. */
@Command(
        name = "ws",
        description = "WebSocket in the terminal.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            EchoCommand.class,
            BroadcastCommand.class,
            ConnectCommand.class,
            BenchCommand.class,
            ConformanceCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main implements Runnable {
    private static final Pattern UNKNOWN_SUBCOMMAND = Pattern.compile("Unknown subcommand '(.*)'\\.");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** For picocli. */
    Main() {}

    /**
     * Runs the command named by the arguments and exits with its status.
     *
     * @param args the command and its options
     */
    public static void main(String... args) {
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        System.exit(commandLine().execute(args));
    }

    /** Messages are UTF-8, whatever the locale is. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .registerConverter(ByteSize.class, ByteSize::parse)
                .registerConverter(OnOff.class, OnOff::parse)
                .registerConverter(Sockets.class, Sockets::parse)
                .setExpandAtFiles(false) // the options read files themselves
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::misused)
                .setExecutionExceptionHandler(Main::failed);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to do: one of " + String.join(", ", spec.subcommands().keySet()));
    }

    private static int misused(ParameterException misuse, String[] args) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String message =
                misuse instanceof UnmatchedArgumentException unmatched ? unmatched(unmatched) : message(misuse);
        command.getErr().println(name + ": " + Terminal.line(message) + " (" + name + " --help tells all options)");
        return Problem.USAGE;
    }

    /** The message of picocli. "ws help CONECT" has the same as "ws CONECT". */
    private static String message(ParameterException misuse) {
        String message = String.valueOf(misuse.getMessage());
        Matcher unknown = UNKNOWN_SUBCOMMAND.matcher(message);
        return unknown.matches()
                ? unmatched(new UnmatchedArgumentException(misuse.getCommandLine(), List.of(unknown.group(1))))
                : message.replaceFirst("^Error: ", "");
    }

    private static String unmatched(UnmatchedArgumentException misuse) {
        String first = misuse.getUnmatched().get(0);
        boolean isOption = first.startsWith("-");
        if (!isOption && misuse.getCommandLine().getSubcommands().isEmpty()) {
            return "'" + first + "' is an argument too many";
        }
        return "there is no " + (isOption ? "option" : "command") + " '" + first + "'"
                + misuse.getSuggestions().stream()
                        .findFirst()
                        .map(near -> ": did you mean " + near + "?")
                        .orElse("");
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof Problem problem) {
            command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + problem.getMessage());
            return problem.exitCode();
        }
        throw failure;
    }
}
