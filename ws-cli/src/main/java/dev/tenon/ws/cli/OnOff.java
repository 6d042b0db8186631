package dev.tenon.ws.cli;

/** A switch on the command line. */
enum OnOff {
    ON,
    OFF;

    /** As it is written there, also in error messages. */
    @Override
    public String toString() {
        return this == ON ? "on" : "off";
    }
}
