package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A blocking handler serves a connection; the end of the handler closes the connection. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandledInboxTest {
    private static final Upgrade UPGRADE = new Upgrade("ws://example.test/", "", List.of());

    private final LoopThread loop = new LoopThread();
    private final RecordingWire wire = new RecordingWire(Role.SERVER);
    /** The result of the handler's thread: its exception, or null. */
    private final CompletableFuture<Throwable> over = new CompletableFuture<>();

    private final CompletableFuture<Thread> handling = new CompletableFuture<>();
    /** Encodes the frames of the peer. */
    private final Rig client = Rig.open(Role.SERVER);

    @AfterEach
    void stop() {
        loop.close();
    }

    /** Starts a thread for each handler. */
    private void start(Runnable task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
                over.complete(null);
            } catch (Throwable thrown) {
                over.complete(thrown);
            }
        });
        handling.complete(thread);
        thread.start();
    }

    private Connection serve(InboxHandler handler) {
        return serve(handler, this::start);
    }

    private Connection serve(InboxHandler handler, Executor executor) {
        return loop.call(() -> {
            Connection connection = new Connection(
                    Role.SERVER,
                    ConnectionOptions.DEFAULT,
                    UPGRADE,
                    wire,
                    new ThreadContext(loop, () -> 1),
                    Inbox.handledBy(handler, executor));
            connection.open();
            return connection;
        });
    }

    private void receive(Connection connection, byte[] bytes) {
        loop.run(() -> connection.receive(java.nio.ByteBuffer.wrap(bytes)));
    }

    private Throwable awaitHandler() throws Exception {
        return over.get(30, TimeUnit.SECONDS);
    }

    private List<String> sent() {
        return loop.call(wire::takeWritten);
    }

    private static void echo(Inbox inbox) throws InterruptedException, IOException {
        while (inbox.receive() instanceof Incoming.Text message) {
            inbox.webSocket().sendBlocking(Message.text(message.text() + "!"));
        }
    }

    @Test
    void itAnswersUntilTheEnd() throws Exception {
        Connection connection = serve(HandledInboxTest::echo);
        receive(connection, Bytes.concat(client.text("a"), client.text("b"), client.close("03e8")));
        loop.run(() -> connection.ended(null));
        assertSame(null, awaitHandler());
        assertEquals(
                CloseCode.NORMAL_CLOSURE, connection.closeEvent().orElseThrow().code());
    }

    @Test
    void itsAnswersLeaveInOrder() throws Exception {
        Connection connection = serve(inbox -> {
            for (int i = 0; i < 2; i++) {
                Incoming.Text message = (Incoming.Text) inbox.receive();
                inbox.webSocket().sendBlocking(Message.text(message.text() + "!"));
            }
        });
        receive(connection, Bytes.concat(client.text("a"), client.text("b")));
        assertSame(null, awaitHandler());
        assertEquals(List.of("FIN TEXT a!", "FIN TEXT b!", "FIN CLOSE 03e8"), sent());
    }

    @Test
    void anExceptionOfTheHandlerClosesTheConnectionAndReachesTheExecutor() throws Exception {
        IOException broken = new IOException("no database");
        serve(inbox -> {
            throw broken;
        });
        assertSame(broken, awaitHandler().getCause());
        assertEquals(List.of("FIN CLOSE 03f3"), sent());
    }

    @Test
    void anInterruptClosesTheConnectionAsGoingAway() throws Exception {
        serve(Inbox::receive);
        handling.get(30, TimeUnit.SECONDS).interrupt();
        assertSame(null, awaitHandler());
        assertEquals(List.of("FIN CLOSE 03e9"), sent());
    }

    @Test
    void anExecutorThatRefusesEndsTheConnection() {
        serve(Inbox::receive, task -> {
            throw new RejectedExecutionException("full");
        });
        assertEquals(List.of("FIN CLOSE 03f3", "<shutdownOutput>"), sent());
    }

    @Test
    void aHandlerThatDoesNotReceiveHoldsThePeerUp() throws Exception {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Connection connection = serve(inbox -> goOn.get(30, TimeUnit.SECONDS));
        byte[] text = client.text("x".repeat(1000));
        int taken = 0;
        while (loop.call(connection::isReadyForInput) && taken < 10_000) {
            receive(connection, text.clone());
            taken++;
        }
        assertTrue(
                taken < 200,
                taken + " messages of 1,000 bytes were taken"); // 64 KiB in the inbox as chars, 64 KiB behind it
        assertEquals(List.of(), sent());
        goOn.complete(null);
        assertSame(null, awaitHandler());
    }

    @Test
    void theConnectionsOwnThreadDoesNotWait() throws Exception {
        CompletableFuture<Inbox> given = new CompletableFuture<>();
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        serve(inbox -> {
            given.complete(inbox);
            goOn.get(30, TimeUnit.SECONDS);
        });
        Inbox inbox = given.get(30, TimeUnit.SECONDS);
        loop.run(() -> assertThrows(IllegalStateException.class, inbox::receive));
        goOn.complete(null);
        assertSame(null, awaitHandler());
    }
}
