package dev.tenon.ws.cli;

import dev.tenon.ws.client.ClientTls;
import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * For {@code --insecure}: accepts every certificate. It extends {@code X509ExtendedTrustManager}, so that the JDK
 * leaves the check of the host name to it.
 */
final class InsecureTrustManager extends X509ExtendedTrustManager {
    static SSLContext context() {
        return KeyFile.clientContext(new TrustManager[] {new InsecureTrustManager()});
    }

    /** TLS without a check of the host name. */
    static ClientTls tls(SSLContext context) {
        return ClientTls.of(context).withParameters(parameters -> parameters.setEndpointIdentificationAlgorithm(null));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
