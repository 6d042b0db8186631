package dev.tenon.ws.suite;

/** A field of a head in HTTP/2, as it is sent: right or wrong. */
record Field(String name, String value) {
    @Override
    public String toString() {
        return name + ": " + value;
    }
}
