package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.REQUEST;
import static dev.tenon.ws.handshake.Samples.SERVER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;

/** Shared by the tests of {@link ServerHandshake}. */
abstract class ServerHandshakeTestBase {
    static UpgradeRequest check(UnaryOperator<String> edit) {
        HttpRequest request =
                HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bytes(edit.apply(REQUEST))));
        assertNotNull(request);
        return SERVER.check(request, false, null);
    }

    static String accepted(UnaryOperator<String> edit) {
        return Samples.text(SERVER.accept(check(edit)).response().encode());
    }
}
