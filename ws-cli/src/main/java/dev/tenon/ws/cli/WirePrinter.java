package dev.tenon.ws.cli;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/** Prints heads and frames for {@code connect -v}: {@code >} for sent ones, {@code <} for received ones. */
final class WirePrinter implements WireObserver {
    /** How many bytes of a payload are kept, so that it can be inflated. */
    static final int READ = 1 << 20;
    /** How many bytes of a payload are shown. */
    private static final int SHOWN = 64;

    private final Consumer<String> lines;
    private final Map<Sender, MessageText> texts = new EnumMap<>(Sender.class);

    WirePrinter(Consumer<String> lines) {
        this.lines = lines;
        for (Sender sender : Sender.values()) {
            texts.put(sender, new MessageText());
        }
    }

    private static String arrow(Sender sender) {
        return sender == Sender.CLIENT ? "> " : "< ";
    }

    @Override
    public void head(Sender sender, String head) {
        head.lines().forEach(line -> lines.accept(arrow(sender) + Terminal.escaped(line)));
        lines.accept(arrow(sender).strip());
    }

    @Override
    public void frame(Sender sender, SeenFrame seen) {
        FirstByte firstByte = seen.frame().firstByte();
        String masked = seen.masked() ? " mask=" + HexFormat.of().toHexDigits(seen.maskingKey()) : "";
        lines.accept(arrow(sender) + firstByte + " length=" + seen.length() + masked + payload(seen)
                + inflated(sender, seen));
    }

    @Override
    public void broken(Sender sender, String rule) {
        lines.accept(arrow(sender) + "no frame: " + rule);
    }

    /** Returns the text of a compressed message, printed after its last frame. */
    private String inflated(Sender sender, SeenFrame seen) {
        MessageText text = texts.get(sender);
        String inflated = text == null ? null : text.add(seen);
        if (inflated == null) {
            return "";
        }
        boolean isCut = inflated.length() > SHOWN;
        return " inflated=" + quoted(isCut ? inflated.substring(0, SHOWN) : inflated) + (isCut ? "..." : "");
    }

    private static String quoted(String text) {
        return "\"" + Terminal.escaped(text).replace("\n", "\\n") + "\"";
    }

    private static String payload(SeenFrame seen) {
        Frame frame = seen.frame();
        if (seen.length() == 0) {
            return "";
        }
        boolean isCut = seen.length() > SHOWN;
        if (frame.firstByte().opcode() == Opcode.CLOSE) {
            return close(frame.payload());
        }
        if (frame.firstByte().rsv() == 0 && frame.firstByte().opcode() != Opcode.BINARY && !isCut) {
            try {
                return " " + quoted(text(frame.payload()));
            } catch (CharacterCodingException e) {
                // not UTF-8: print it as bytes
            }
        }
        byte[] bytes = new byte[Math.min(SHOWN, frame.payload().remaining())];
        frame.payload().get(0, bytes);
        return " " + HexFormat.of().formatHex(bytes) + (isCut ? "..." : "");
    }

    private static String close(ByteBuffer payload) {
        try {
            ClosePayload close = ClosePayload.decode(payload);
            return " code=" + close.code()
                    + (close.reason().isEmpty() ? "" : " \"" + Terminal.escaped(close.reason()) + "\"");
        } catch (ProtocolException violation) {
            return " (" + violation.getMessage() + ")";
        }
    }

    private static String text(ByteBuffer payload) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(payload.duplicate()).toString();
    }
}
