package dev.tenon.ws.server;

import java.nio.charset.StandardCharsets;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

/** Matches one host name. The JDK does not use it for clients that name none. */
final class HostMatcher extends SNIMatcher {
    private final String host;

    HostMatcher(String host) {
        super(StandardConstants.SNI_HOST_NAME);
        this.host = host;
    }

    @Override
    public boolean matches(SNIServerName name) {
        return new String(name.getEncoded(), StandardCharsets.US_ASCII).equalsIgnoreCase(host);
    }
}
