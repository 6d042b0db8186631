package dev.tenon.ws.suite;

/** A header field in HTTP/2, valid or invalid. */
record Field(String name, String value) {
    @Override
    public String toString() {
        return name + ": " + value;
    }
}
