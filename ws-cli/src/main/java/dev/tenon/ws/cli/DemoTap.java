package dev.tenon.ws.cli;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends the bytes and frames of one connection of the demo to the page as JSON. Events before the page is known are
 * kept.
 */
final class DemoTap implements WireTap, WireObserver {
    /** How many bytes of a payload are read; a longer message is not inflated for the page. */
    private static final int READ = 16 * 1024;
    /** How many bytes of a payload the page receives. */
    private static final int SHOWN = 256;

    private static final int MOST_EARLY = 16;

    private final WireReader reader = new WireReader(Role.SERVER, READ, this);
    private final Map<Sender, MessageText> texts = new EnumMap<>(Sender.class);
    private final List<String> early = new ArrayList<>();
    private @Nullable DemoView view;

    DemoTap() {
        for (Sender sender : Sender.values()) {
            texts.put(sender, new MessageText());
        }
    }

    /** Sends all earlier and later events to a view. */
    void showOn(DemoView view) {
        this.view = view;
        early.forEach(view::show);
        early.clear();
    }

    @Override
    public void received(ByteBuffer bytes) {
        reader.received(bytes);
    }

    @Override
    public void sent(ByteBuffer bytes) {
        reader.sent(bytes);
    }

    @Override
    public void head(Sender sender, String head) {
        show(event("head", sender).put("text", head));
    }

    @Override
    public void frame(Sender sender, SeenFrame seen) {
        ByteBuffer payload = seen.frame().payload();
        byte[] shown = new byte[Math.min(payload.remaining(), SHOWN)];
        payload.get(shown);
        Json json = event("frame", sender)
                .put("first", seen.frame().firstByte().value())
                .put("masked", seen.masked())
                .put("key", HexFormat.of().toHexDigits(seen.maskingKey()))
                .put("length", seen.length())
                .put("data", HexFormat.of().formatHex(shown));
        MessageText text = texts.get(sender);
        String inflated = text == null ? null : text.add(seen);
        show(inflated == null ? json : json.put("inflated", inflated));
    }

    @Override
    public void broken(Sender sender, String rule) {
        show(event("broken", sender).put("text", rule));
    }

    private static Json event(String type, Sender sender) {
        return new Json()
                .put("type", type)
                .put("from", sender == Sender.CLIENT ? "client" : "server")
                .put("at", System.nanoTime() / 1_000);
    }

    private void show(Json event) {
        if (view != null) {
            view.show(event.toString());
        } else if (early.size() < MOST_EARLY) {
            early.add(event.toString());
        }
    }
}
