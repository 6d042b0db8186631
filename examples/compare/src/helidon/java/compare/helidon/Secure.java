package compare.helidon;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import java.nio.file.Path;

public class Secure { // the files are read once
    public static void main(String[] args) {
        Keys keys = Keys.builder()
                .pem(pem -> pem.certChain(Resource.create(Path.of(args[1]))).key(Resource.create(Path.of(args[2]))))
                .build();
        WebServer.builder()
                .port(Integer.parseInt(args[0]))
                .tls(tls -> tls.privateKey(keys).privateKeyCertChain(keys))
                .addRouting(HttpRouting.builder().get("/health", (request, response) -> response.send("ok\n")))
                .addRouting(WsRouting.builder().endpoint("/echo", new BlockingEcho()))
                .build()
                .start();
    }
}
