package dev.tenon.ws.client.jdk;

import java.net.http.HttpClient;
import java.net.http.WebSocket;

/** The JDK's own client obeys the contract, which shows that the contract is right. */
class JdkClientTest extends WebSocketContract {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Override
    WebSocket.Builder builder() {
        return CLIENT.newWebSocketBuilder();
    }
}
