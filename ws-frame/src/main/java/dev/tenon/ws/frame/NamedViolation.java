package dev.tenon.ws.frame;

import java.util.regex.Pattern;

/** A rule that is no constant of an enum. It holds the code as a number so that it can be serialized. */
record NamedViolation(String id, int code, String rule) implements ExtensionViolation {
    private static final long serialVersionUID = 1L;

    private static final Pattern ID = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");

    NamedViolation {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an id is a name, a dot and a rule in lower case, not " + id);
        }
        ProtocolException.requireMayTravel(new CloseCode(code));
    }

    @Override
    public CloseCode closeCode() {
        return new CloseCode(code);
    }

    @Override
    public String section() {
        return "";
    }
}
