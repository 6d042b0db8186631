package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Does on a connection what its mails ask for. */
final class MailDelivery implements Mailbox.Recipient {
    private final Connection connection;
    private final CloseHandshake handshake;
    private final Liveness liveness;

    MailDelivery(Connection connection, CloseHandshake handshake, Liveness liveness) {
        this.connection = connection;
        this.handshake = handshake;
        this.liveness = liveness;
    }

    @Override
    public long backlog() {
        return connection.outbound().backlog();
    }

    @Override
    public boolean isMidMessage() {
        return connection.outbound().isMidMessage();
    }

    @Override
    public boolean takesPiece(MessageType type) {
        return connection.outbound().takesPiece(type);
    }

    @Override
    public void deliver(Mail mail) {
        switch (mail.kind) {
            case TASK, CLOSE, MARK -> mail.task().run();
            default -> send(mail);
        }
    }

    private void send(Mail mail) {
        Outbound outbound = connection.outbound();
        outbound.unlimited(true); // the limit has taken it already
        SendResult result;
        try {
            result = send(mail, outbound);
        } finally {
            outbound.unlimited(false);
        }
        CompletableFuture<@Nullable Void> sent = mail.sent;
        if (result == SendResult.REFUSED) {
            lost(mail);
        } else if (sent != null) {
            outbound.whenSent(sent);
            connection.flushLater();
        }
    }

    private static SendResult send(Mail mail, Outbound outbound) {
        return switch (mail.kind) {
            case WHOLE -> outbound.message(mail.type(), mail.bytes(), mail.mode);
            case PIECE -> outbound.piece(mail.type(), mail.bytes(), false, mail.mode);
            case LAST_PIECE -> outbound.piece(mail.type(), mail.bytes(), true, mail.mode);
            case PREPARED -> outbound.prepared(mail.message());
            case PING -> outbound.ping(mail.bytes());
            case PONG -> outbound.control(Opcode.PONG, mail.bytes());
            case CLOSE, MARK, TASK -> throw new IllegalStateException("not a frame: " + mail.kind);
        };
    }

    @Override
    public void lost(Mail mail) {
        CompletableFuture<@Nullable Void> sent = mail.sent;
        if (sent != null) {
            sent.completeExceptionally(new IOException("the connection ended before this could be sent"));
        } else if (mail.isData()) {
            handshake.lost();
        }
    }

    @Override
    public void closeWaits() {
        liveness.closing();
    }

    @Override
    public void requireWritable() {
        connection.outbound().requireWritable();
        if (connection.outbound().backlog() == 0) {
            connection.writable();
        }
    }
}
