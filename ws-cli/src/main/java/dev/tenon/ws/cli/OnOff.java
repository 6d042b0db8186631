package dev.tenon.ws.cli;

import picocli.CommandLine.TypeConversionException;

/** A switch on the command line. */
enum OnOff {
    ON,
    OFF;

    static OnOff parse(String text) {
        return switch (text) {
            case "on" -> ON;
            case "off" -> OFF;
            default -> throw new TypeConversionException("'" + text + "' is neither on nor off");
        };
    }
}
