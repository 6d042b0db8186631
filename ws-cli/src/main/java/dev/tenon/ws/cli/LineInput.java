package dev.tenon.ws.cli;

import dev.tenon.ws.connection.Message;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lines: each is a text message, or a command if it begins with a slash. */
final class LineInput implements Input {
    private static final String HELP = """
            A line goes out as a text message; begin it with // for one that begins with a slash.
              /ping [TEXT]            sends a ping; the pong shows the time that it took
              /binary HEX             sends a binary message, such as /binary 48 65 6c 6c 6f
              /close [CODE [REASON]]  closes, with 1000 if there is no code; so does the end of the input
              /help                   shows this""";

    /** Where lines come from. */
    @FunctionalInterface
    interface Lines {
        /** The next line, or null at the end. */
        @Nullable
        String next() throws IOException;
    }

    private final Lines lines;
    private final Terminal terminal;

    LineInput(Lines lines, Terminal terminal) {
        this.lines = lines;
        this.terminal = terminal;
    }

    @Override
    public boolean next(Conversation conversation) throws IOException, InterruptedException {
        String line = lines.next();
        if (line == null) {
            return false;
        }
        if (!line.startsWith("/")) {
            conversation.send(Message.text(line));
        } else if (line.startsWith("//")) {
            conversation.send(Message.text(line.substring(1)));
        } else {
            String[] words = line.split("\\s+", 2);
            command(conversation, words[0], words.length < 2 ? "" : words[1].strip());
        }
        return true;
    }

    private void command(Conversation conversation, String name, String rest) throws InterruptedException {
        try {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "/ping" -> conversation.ping(ByteBuffer.wrap(rest.getBytes(StandardCharsets.UTF_8)));
                case "/binary" -> {
                    byte[] bytes = HexFormat.of().parseHex(rest.replace(" ", ""));
                    conversation.send(Message.binary(ByteBuffer.wrap(bytes)));
                }
                case "/close" -> close(conversation, rest);
                case "/help" -> terminal.help(HELP);
                default -> terminal.note(name + " is no command: /help tells all; begin with // to send a slash");
            }
        } catch (IllegalArgumentException e) {
            terminal.note(name + ": " + e.getMessage());
        }
    }

    private void close(Conversation conversation, String rest) {
        String[] words = rest.split("\\s+", 2);
        if (rest.isEmpty()) {
            conversation.close(CloseCode.NORMAL_CLOSURE, "");
        } else if (words[0].matches("\\d{4}")) {
            conversation.close(new CloseCode(Integer.parseInt(words[0])), words.length < 2 ? "" : words[1]);
        } else {
            terminal.note("/close CODE REASON: the code is 1000, or 3000 to 4999, not " + words[0]);
        }
    }
}
