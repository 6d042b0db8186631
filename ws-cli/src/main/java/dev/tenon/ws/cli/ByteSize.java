package dev.tenon.ws.cli;

import dev.tenon.ws.connection.ConnectionOptions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of bytes on the command line: {@code 65536}, {@code 64KiB}, {@code 16MiB}.
 *
 * @param bytes 0 to {@link ConnectionOptions#MAX_MESSAGE_LENGTH}
 */
record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})(|B|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);

    static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not a size: write a number of bytes, or one with KiB or MiB, such as 16MiB");
        }
        long number = Long.parseLong(form.group(1));
        int shift = shift(form.group(2));
        if (number > ConnectionOptions.MAX_MESSAGE_LENGTH >> shift) { // before the shift, which could overflow
            throw new TypeConversionException(
                    "'" + text + "' is too much: the most is " + ConnectionOptions.MAX_MESSAGE_LENGTH + " bytes");
        }
        return new ByteSize(number << shift);
    }

    private static int shift(String unit) {
        return switch (unit.isEmpty() ? 'B' : Character.toUpperCase(unit.charAt(0))) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            default -> 0;
        };
    }
}
