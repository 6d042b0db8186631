package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeKeyTest {
    @ParameterizedTest
    @CsvSource({
        "dGhlIHNhbXBsZSBub25jZQ==, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", // RFC 6455 §1.3
        "Bt4+Nfq12qxyxHslV2iFFg==, MK6YmuGMF81B+0zEjhayzUlnqxg="
    })
    void theKeyIsAnsweredWithItsDigest(String key, String accept) {
        assertEquals(accept, HandshakeKey.accept(key));
    }
}
