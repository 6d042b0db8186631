package dev.tenon.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Decodes the masked text message of RFC 6455 §5.7, with one module of Tenon. */
public final class Main {

    private Main() {}

    public static void main(String... args) {
        ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex("818537fa213d7f9f4d5158"));
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
        decoder.decode(
                bytes,
                (firstByte, payload, endOfFrame) -> System.out.println(UTF_8.decode(payload) + " " + endOfFrame));
    }
}
