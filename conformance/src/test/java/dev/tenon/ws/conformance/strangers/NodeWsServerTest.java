package dev.tenon.ws.conformance.strangers;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The server of Node's ws, without TLS; {@link NodeWsTest} is about its windows. */
class NodeWsServerTest extends ServerContract {
    @Override
    RunningServer start(@Nullable SSLContext tls) throws Exception {
        NodeWs node = new NodeWs();
        return new RunningServer(URI.create(node.url("")).getPort(), node::close);
    }

    @Override
    List<String> schemes() {
        return List.of("ws");
    }

    /** The path contains the options. */
    @Override
    String target(String path) {
        String options = "{\"path\":\"/any\",\"perMessageDeflate\":{\"threshold\":0}}";
        return path + "?options=" + URLEncoder.encode(options, StandardCharsets.UTF_8);
    }

    @Override
    int refusal() {
        return 400;
    }

    /** Skipped, because this server has no certificate. */
    @Override
    void anUntrustedCertificateFailsTheConnect() {}
}
