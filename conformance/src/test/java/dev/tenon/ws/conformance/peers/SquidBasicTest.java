package dev.tenon.ws.conformance.peers;

/** squid, with Basic authentication. */
class SquidBasicTest extends SquidTest {
    /** Without the lock, {@link SquidTest} tests the same. */
    @Override
    void itIsPassedThrough(String scheme) {}

    @Override
    String login() {
        return """
                auth_param basic program /usr/lib/squid/basic_ncsa_auth ${users}
                auth_param basic realm gate
                auth_param basic children 1 startup=1
                """;
    }

    /** {@code openssl passwd -apr1 circle-of-life} */
    @Override
    String password() {
        return "$apr1$tenontst$mr743YjUOz5rl.h9TMY741";
    }
}
