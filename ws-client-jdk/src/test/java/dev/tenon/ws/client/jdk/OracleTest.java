package dev.tenon.ws.client.jdk;

import java.net.http.HttpClient;
import java.net.http.WebSocket;

/** The JDK's own client keeps the contract: else the contract would be wrong. */
class OracleTest extends WebSocketContract {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Override
    WebSocket.Builder builder() {
        return CLIENT.newWebSocketBuilder();
    }
}
