package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * A listener that receives text messages as UTF-8 bytes, for applications that parse or forward bytes and need no
 * string. {@link #onText(WebSocket, String)} is never called.
 */
public interface Utf8Listener extends WebSocketListener {
    /**
     * A whole text message has arrived.
     *
     * @param webSocket the connection
     * @param utf8 the message, well-formed UTF-8, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    void onText(WebSocket webSocket, ByteBuffer utf8) throws Exception;
}
