package dev.tenon.ws.topics;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;

/** Texts as JSON (RFC 8259) with their positions. */
final class JsonEnvelope implements Envelope {
    @Override
    public PreparedMessage wrap(Entry entry) {
        if (entry.type() != MessageType.TEXT) {
            return PreparedMessage.binary(entry.payload());
        }
        StringBuilder json = new StringBuilder(entry.payload().remaining() + 96);
        json.append("{\"p\":");
        quote(json, entry.position().toString());
        json.append(",\"d\":");
        quote(json, entry.text());
        return PreparedMessage.text(json.append('}').toString());
    }

    @Override
    public PreparedMessage begin(Position position, boolean recovered) {
        StringBuilder json = new StringBuilder("{\"p\":");
        quote(json, position.toString());
        return PreparedMessage.text(
                json.append(",\"recovered\":").append(recovered).append('}').toString());
    }

    /** RFC 8259 §7: quotation mark, reverse solidus and control characters are escaped. */
    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
