package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** An extension that records its calls, and runs the test's code in its stages. */
class FakeExtension implements NegotiatedExtension, Extension {
    /** What a stage does with a piece. */
    interface Stage {
        void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, FrameHandler next);
    }

    static final Stage PASS = (firstByte, payload, end, next) -> next.onFrame(firstByte, payload, end);

    final List<String> log = new ArrayList<>();
    Stage inbound = PASS;
    Stage outbound = PASS;
    private final String name;
    private final int rsv;
    private boolean working;

    FakeExtension(String name, int rsv) {
        this.name = name;
        this.rsv = rsv;
    }

    @Override
    public ExtensionOffer agreed() {
        return ExtensionOffer.of(name);
    }

    @Override
    public int rsv() {
        return rsv;
    }

    @Override
    public Extension open(ExtensionContext context) {
        log.add("open " + context.role() + " " + context.maxMessageLength());
        return this;
    }

    @Override
    public FrameHandler inbound(FrameHandler next) {
        return stage("in ", next, () -> inbound);
    }

    @Override
    public OutboundHandler outbound(OutboundHandler next) {
        return (firstByte, payload, end, mode) -> {
            FrameHandler passedOn = (h, p, e) -> next.onFrame(h, p, e, mode);
            stage("out ", passedOn, () -> outbound).onFrame(firstByte, payload, end);
        };
    }

    private FrameHandler stage(String direction, FrameHandler next, Supplier<Stage> stage) {
        return (firstByte, payload, end) -> {
            log.add(direction + firstByte.opcode());
            boolean nested = working;
            working = true;
            try {
                stage.get().onFrame(firstByte, payload, end, next);
            } finally {
                working = nested;
            }
        };
    }

    @Override
    public void close() {
        log.add(working ? "closed under its own feet" : "close");
    }
}
