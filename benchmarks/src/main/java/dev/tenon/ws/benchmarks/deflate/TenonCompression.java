package dev.tenon.ws.benchmarks.deflate;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionProvider;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.Blackhole;

/** The stages of the extension, with the parameters that two ends with the same options agree on. */
final class TenonCompression implements Compression {
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);
    private static final long LIMIT = 1 << 20;

    private record Frame(FirstByte firstByte, ByteBuffer payload) {}

    private final NegotiatedExtension negotiated;
    private final List<Extension> servers = new ArrayList<>();
    private final List<OutboundHandler> outbound = new ArrayList<>();
    private final Extension client;
    private final ByteBuffer[] messages;
    private final List<Frame> compressed = new ArrayList<>();
    private final FrameHandler inbound;
    private @Nullable Blackhole hole;

    /**
     * Connections that send in turn: if there are several, none finds a pooled codec in the state in which it left it.
     */
    TenonCompression(Options options, int connections, ByteBuffer[] messages) {
        this.messages = messages;
        ExtensionProvider provider = options.provider();
        NegotiatedExtension agreed = provider.accept(provider.offers().get(0));
        for (int i = 0; i < connections; i++) {
            Extension server = agreed.open(new ExtensionContext(Role.SERVER, LIMIT));
            servers.add(server);
            outbound.add(server.outbound((firstByte, payload, end, mode) -> consume(firstByte, payload, end)));
        }
        negotiated = provider.confirm(agreed.agreed());
        client = negotiated.open(new ExtensionContext(Role.CLIENT, LIMIT));
        inbound = client.inbound(this::consume);
        try (Extension other = agreed.open(new ExtensionContext(Role.SERVER, LIMIT))) {
            OutboundHandler collecting = other.outbound((firstByte, payload, end, mode) ->
                    compressed.add(new Frame(firstByte, Messages.direct(bytes(payload)))));
            for (ByteBuffer message : messages) {
                collecting.onFrame(TEXT, message.clear(), true, SendMode.DEFAULT);
                if (connections > 1) {
                    outbound.get(0).onFrame(TEXT, message.clear(), true, SendMode.DEFAULT);
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void consume(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        if (hole != null) {
            hole.consume(payload);
        }
    }

    @Override
    public void compress(Blackhole hole) {
        this.hole = hole;
        for (int i = 0; i < messages.length; i++) {
            outbound.get(i % outbound.size()).onFrame(TEXT, messages[i].clear(), true, SendMode.DEFAULT);
        }
    }

    /** Inflates the messages again and again: the first refers to no other, so it may follow the last. */
    @Override
    public void decompress(Blackhole hole) {
        this.hole = hole;
        for (Frame frame : compressed) {
            inbound.onFrame(frame.firstByte, frame.payload.clear(), true);
        }
    }

    @Override
    public ByteBuffer first() {
        ByteBuffer first = ByteBuffer.allocate(messages[0].capacity());
        boolean[] over = new boolean[1];
        Extension other = negotiated.open(new ExtensionContext(Role.CLIENT, LIMIT));
        FrameHandler stage = other.inbound((firstByte, payload, end) -> {
            if (!over[0]) {
                first.put(payload);
            }
            over[0] |= firstByte.fin() && end;
        });
        compressed.forEach(frame -> stage.onFrame(frame.firstByte, frame.payload.clear(), true));
        other.close();
        return first.flip();
    }

    @Override
    public double compressedSize() {
        return compressed.stream().mapToInt(frame -> frame.payload.capacity()).sum() / (double) messages.length;
    }

    @Override
    public void close() {
        servers.forEach(Extension::close);
        client.close();
    }
}
