package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ExtensionViolation;
import dev.tenon.ws.frame.Rule;

/** A rule of compressed messages that a peer can break. */
public enum DeflateViolation implements ExtensionViolation {
    /** RSV1 on a continuation or a control frame: 1002. */
    RSV1_WITHIN_MESSAGE(CloseCode.PROTOCOL_ERROR, "RFC 7692 §6", "RSV1 on a frame that does not begin a message"),
    /** Data that does not inflate: 1007. */
    DATA_MALFORMED(CloseCode.INVALID_PAYLOAD_DATA, "RFC 7692 §7.2.2", "the message is not valid DEFLATE data"),
    /** More final blocks in one message than any compressor needs: 1008. */
    TOO_MANY_FINAL_BLOCKS(CloseCode.POLICY_VIOLATION, "RFC 7692 §7.2.3.4", "too many final blocks in one message"),
    /** More compressed bytes than the longest accepted message can need: 1009. */
    COMPRESSED_MESSAGE_TOO_LONG(
            CloseCode.MESSAGE_TOO_BIG,
            "RFC 6455 §10.4",
            "the compressed message is longer than one of the longest accepted");

    private final Rule rule;

    DeflateViolation(CloseCode closeCode, String section, String description) {
        rule = Rule.of("permessage-deflate", this, closeCode.value(), section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
