package dev.tenon.ws.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Option values that may be in a file, {@code @FILE}, so that a list of processes does not show them. */
final class OptionFile {
    private OptionFile() {}

    /**
     * Returns the values, with the lines of a file in place of its name; empty lines and those that begin with {@code
     * #} are left out.
     */
    static List<String> lines(String option, List<String> values) {
        List<String> lines = new ArrayList<>();
        for (String value : values) {
            if (value.startsWith("@")) {
                read(option, value.substring(1))
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .forEach(lines::add);
            } else {
                lines.add(value);
            }
        }
        return lines;
    }

    private static String read(String option, String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (CharacterCodingException e) {
            throw Problem.usage(option + ": '" + file + "' is not text in UTF-8");
        } catch (IOException | InvalidPathException e) {
            throw Problem.usage(option + ": '" + file + "' cannot be read: check its path and permissions");
        }
    }
}
