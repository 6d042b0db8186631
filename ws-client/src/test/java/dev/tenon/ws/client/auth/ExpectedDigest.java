package dev.tenon.ws.client.auth;

import java.util.List;

/** Computes the digest that a proxy of the tests expects for a challenge. */
public final class ExpectedDigest {
    private ExpectedDigest() {}

    public static String clientNonce(String authorization) {
        return Challenge.parse(List.of(authorization)).get(0).parameter("cnonce");
    }

    public static String of(String challenge, String method, String target, String clientNonce, int count) {
        return new Digest(Challenge.parse(List.of(challenge)).get(0), "Mufasa", "Circle of Life")
                .authorization(method, target, clientNonce, count);
    }
}
