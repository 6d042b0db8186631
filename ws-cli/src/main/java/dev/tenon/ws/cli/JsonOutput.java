package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Prints each event as a line with a JSON object to the standard output, for programs. */
final class JsonOutput implements Output {
    private final Terminal terminal;
    private final long begin = System.nanoTime();

    JsonOutput(Terminal terminal) {
        this.terminal = terminal;
    }

    private Json event(String type) {
        return new Json().put("type", type).put("millis", (System.nanoTime() - begin) / 1e6);
    }

    @Override
    public void opened(WebSocket webSocket, Timings timings) {
        Json took = new Json();
        for (Map.Entry<String, Double> step : timings.millis().entrySet()) {
            took.put(step.getKey(), step.getValue());
        }
        String protocol = timings.protocol();
        Json open = event("open")
                .put("url", webSocket.url())
                .put("subprotocol", webSocket.subprotocol())
                .put(
                        "extensions",
                        List.of(webSocket.extensions().stream()
                                .map(Object::toString)
                                .toArray(String[]::new)))
                .put("took", took);
        line(protocol == null ? open : open.put("tls", protocol));
    }

    @Override
    public void text(String text) {
        line(event("text").put("data", text));
    }

    @Override
    public void binary(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        line(event("binary")
                .put("bytes", bytes.length)
                .put("base64", Base64.getEncoder().encodeToString(bytes)));
    }

    @Override
    public void pong(String payload, double millis) {
        line(event("pong").put("data", payload).put("roundTripMillis", millis));
    }

    @Override
    public void closed(CloseEvent event) {
        Throwable cause = event.cause();
        Json closed = event("close")
                .put("code", event.code().value())
                .put("reason", event.reason())
                .put("clean", event.wasClean());
        line(cause == null ? closed : closed.put("cause", String.valueOf(cause.getMessage())));
    }

    @Override
    public void note(String line) {
        terminal.note(line);
    }

    private void line(Json json) {
        terminal.arrived(json.toString());
    }

    @Override
    public boolean isBroken() {
        return terminal.isBroken();
    }
}
