package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.handler.codec.http2.Http2FrameStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 9113 §9.1: a server ends a connection without streams by GOAWAY. */
class Http2IdleTest extends BadPeerContract {
    @Override
    NettyServerBuilder configured() throws IOException {
        return super.configured().idleTimeout(Duration.ofMillis(200));
    }

    private void expectIdle() throws Exception {
        try (Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement()) {
            assertEquals("GOAWAY 0", peer.next());
            assertEquals("CLOSED", peer.next());
        }
    }

    @Test
    void aConnectionWithoutStreamsEnds() throws Exception {
        expectIdle();
    }

    @Test
    void aConnectionWithAStreamLivesUntilTheStreamHasEnded() throws Exception {
        try (Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement()) {
            Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            expectIdle();
            peer.data(stream, HI, false);
            assertEquals("DATA " + HI_BACK, peer.next());
            peer.data(stream, CLOSE, true);
            assertEquals("DATA " + CLOSE_BACK + " END_STREAM", peer.next());
            assertEquals("GOAWAY 3", peer.next());
            assertEquals("CLOSED", peer.next());
        }
    }
}
