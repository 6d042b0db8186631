package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/** One end of a connection with permessage-deflate, and its sent and received messages. */
final class Endpoint implements AutoCloseable {
    static final int BUDGET = 1 << 20;

    /** Two ends with negotiated parameters. */
    record Pair(Endpoint client, Endpoint server) implements AutoCloseable {
        Endpoint sender(Role role) {
            return role == Role.CLIENT ? client : server;
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    final Pieces sent = new Pieces();
    final Pieces received = new Pieces();
    final PermessageDeflate provider;
    final NegotiatedExtension negotiated;
    final Extension extension;
    final OutboundHandler outbound;
    final FrameHandler inbound;

    Endpoint(PermessageDeflate provider, NegotiatedExtension negotiated, Role role, long budget) {
        this.provider = provider;
        this.negotiated = negotiated;
        this.extension = negotiated.open(new ExtensionContext(role, budget));
        this.outbound = extension.outbound(sent);
        this.inbound = extension.inbound(received);
    }

    static Endpoint.Pair connect(DeflateOptions clientOptions, DeflateOptions serverOptions) {
        PermessageDeflate client = new PermessageDeflate(clientOptions);
        PermessageDeflate server = new PermessageDeflate(serverOptions);
        var response = Extensions.of(server).accept(Extensions.of(client).offers());
        var confirmed =
                Extensions.of(client).confirm(List.of(response.get(0).agreed())).get(0);
        return new Endpoint.Pair(
                new Endpoint(client, confirmed, Role.CLIENT, BUDGET),
                new Endpoint(server, response.get(0), Role.SERVER, BUDGET));
    }

    /** Sends a message in the given number of fragments. */
    void send(byte[] message, int fragments, Random random) {
        send(message, fragments, random, SendMode.DEFAULT);
    }

    void send(byte[] message, int fragments, Random random, SendMode mode) {
        int from = 0;
        for (int i = 0; i < fragments; i++) {
            boolean last = i == fragments - 1;
            int to = last ? message.length : from + random.nextInt(message.length - from + 1);
            Opcode opcode = i == 0 ? Opcode.BINARY : Opcode.CONTINUATION;
            ByteBuffer payload = ByteBuffer.allocateDirect(to - from)
                    .put(message, from, to - from)
                    .flip();
            outbound.onFrame(FirstByte.of(last, opcode), payload, true, mode);
            from = to;
            if (random.nextBoolean()) {
                sendFromAnotherConnection();
            }
        }
    }

    /** Uses all idle codecs of the provider, so that none is in the state in which this connection left it. */
    void sendFromAnotherConnection() {
        try (Extension other = negotiated.open(new ExtensionContext(Role.SERVER, BUDGET))) {
            ByteBuffer message = ByteBuffer.allocate(100);
            other.outbound((firstByte, payload, end, mode) -> {})
                    .onFrame(FirstByte.of(true, Opcode.BINARY), message, true, SendMode.DEFAULT);
        }
    }

    /** Receives the peer's frames, cut into pieces and fragments at random, with pings between them. */
    void receiveFrom(Endpoint peer, Random random) {
        for (Pieces.Piece frame : peer.sent.pieces) {
            byte[] payload = frame.payload();
            FirstByte firstByte = frame.firstByte();
            int from = 0;
            while (random.nextInt(3) == 0) {
                int to = from + random.nextInt(payload.length - from + 1);
                receivePieces(firstByte.withFin(false), payload, from, to, random);
                inbound.onFrame(FirstByte.of(true, Opcode.PING), ByteBuffer.allocate(1), true);
                firstByte = firstByte.withOpcode(Opcode.CONTINUATION).withRsv(0);
                from = to;
            }
            receivePieces(firstByte, payload, from, payload.length, random);
        }
        peer.sent.clear();
    }

    private void receivePieces(FirstByte firstByte, byte[] payload, int from, int to, Random random) {
        int at = from;
        while (random.nextInt(3) == 0) {
            int next = at + random.nextInt(to - at + 1);
            inbound.onFrame(firstByte, piece(payload, at, next), false);
            at = next;
        }
        inbound.onFrame(firstByte, piece(payload, at, to), true);
    }

    private static ByteBuffer piece(byte[] payload, int from, int to) {
        return ByteBuffer.allocate(to - from).put(payload, from, to - from).flip();
    }

    @Override
    public void close() {
        extension.close();
    }
}
