package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViolationTest {
    private static final ExtensionViolation OWN =
            ExtensionViolation.of("x-own.rule-2", CloseCode.POLICY_VIOLATION, "a rule of one's own");

    private static List<ConnectionViolation> all() {
        List<ConnectionViolation> all = new ArrayList<>();
        all.addAll(List.of(FrameViolation.values()));
        all.addAll(List.of(MessageViolation.values()));
        all.addAll(List.of(CloseViolation.values()));
        all.addAll(List.of(LimitViolation.values()));
        all.add(OWN);
        return all;
    }

    @Test
    void idsAreDifferentAndNameTheFamilyAndTheRule() {
        assertEquals("frame.mask-missing", FrameViolation.MASK_MISSING.id());
        assertEquals("message.text-not-utf-8", MessageViolation.TEXT_NOT_UTF_8.id());
        assertEquals("close.code-not-allowed", CloseViolation.CODE_NOT_ALLOWED.id());
        assertEquals("limit.message-stalled", LimitViolation.MESSAGE_STALLED.id());
        assertEquals("x-own.rule-2", OWN.id());
        assertEquals(
                all().size(), new HashSet<>(all().stream().map(Violation::id).toList()).size());
        all().forEach(violation -> assertTrue(violation.id().matches("[a-z-]+\\.[a-z0-9-]+"), violation::id));
    }

    @Test
    void theRuleFitsIntoACloseFrame() {
        for (ConnectionViolation violation : all()) {
            assertEquals(
                    violation.description(), new ClosePayload(violation.closeCode(), violation.description()).reason());
        }
    }

    @Test
    void anExceptionNamesTheRuleAndWhatBrokeIt() {
        ProtocolException plain = MessageViolation.TEXT_NOT_UTF_8.toException();
        assertEquals("the text is not UTF-8", plain.getMessage());
        assertEquals(
                "dev.tenon.ws.frame.ProtocolException: the text is not UTF-8 [message.text-not-utf-8]",
                plain.toString());
        ProtocolException detailed = new ProtocolException(CloseViolation.CODE_NOT_ALLOWED, "1005");
        assertEquals("the close code must not be sent: 1005", detailed.getMessage());
        assertEquals(CloseViolation.CODE_NOT_ALLOWED, detailed.violation());
        assertEquals(1002, detailed.closeCode().value());
    }

    @Test
    void anExceptionIsSerializedWithItsViolation() throws IOException, ClassNotFoundException {
        for (ConnectionViolation violation : all()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(violation.toException());
            Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
            assertEquals(
                    violation, assertInstanceOf(ProtocolException.class, read).violation());
        }
    }

    @Test
    void anIdOfAnExtensionHasAForm() {
        for (String id : List.of("", "x", "x.", ".x", "X.y", "x y.z", "x_y.z")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ExtensionViolation.of(id, CloseCode.PROTOCOL_ERROR, "a rule"),
                    id);
        }
    }
}
