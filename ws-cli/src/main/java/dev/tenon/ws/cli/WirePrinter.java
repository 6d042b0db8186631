package dev.tenon.ws.cli;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** For {@code connect -v}: prints heads and frames, {@code >} for what goes and {@code <} for what comes. */
final class WirePrinter implements WireObserver {
    private final Terminal terminal;

    WirePrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    private static String arrow(Sender sender) {
        return sender == Sender.CLIENT ? "> " : "< ";
    }

    @Override
    public void head(Sender sender, String head) {
        head.lines().forEach(line -> terminal.note(arrow(sender) + Terminal.escaped(line)));
        terminal.note(arrow(sender).strip());
    }

    @Override
    public void frame(Sender sender, SeenFrame seen) {
        FirstByte firstByte = seen.frame().firstByte();
        String masked = seen.masked() ? " mask=" + HexFormat.of().toHexDigits(seen.maskingKey()) : "";
        terminal.note(arrow(sender) + firstByte + " length=" + seen.length() + masked + payload(seen));
    }

    @Override
    public void broken(Sender sender, String rule) {
        terminal.note(arrow(sender) + "no frame: " + rule);
    }

    private static String payload(SeenFrame seen) {
        Frame frame = seen.frame();
        if (seen.length() == 0) {
            return "";
        }
        String more = seen.isCut() ? "..." : "";
        if (frame.firstByte().opcode() == Opcode.CLOSE) {
            return close(frame.payload());
        }
        if (frame.firstByte().rsv() == 0 && frame.firstByte().opcode() != Opcode.BINARY && !seen.isCut()) {
            try {
                return " \"" + Terminal.escaped(text(frame.payload())).replace("\n", "\\n") + "\"";
            } catch (CharacterCodingException e) {
                // as bytes, then
            }
        }
        byte[] bytes = new byte[frame.payload().remaining()];
        frame.payload().get(bytes);
        return " " + HexFormat.of().formatHex(bytes) + more;
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
        return StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
    }
}
