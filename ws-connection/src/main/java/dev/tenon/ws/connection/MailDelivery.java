package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Delivers mails to their connection. */
final class MailDelivery implements MailRecipient {
    private final Connection connection;
    /** The number of messages that were accepted and lost, and whose senders get no result. */
    private int lost;

    MailDelivery(Connection connection) {
        this.connection = connection;
    }

    @Override
    public long backlog() {
        return connection.outbound().buffered();
    }

    @Override
    public boolean isMidMessage() {
        return connection.outbound().isMidMessage();
    }

    @Override
    public boolean isContinuedBy(MessageType type) {
        return connection.outbound().isContinuedBy(type);
    }

    @Override
    public boolean takesPiece(MessageType type) {
        return connection.outbound().takesPiece(type);
    }

    @Override
    public void deliver(Mail mail) {
        switch (mail.kind) {
            case TASK, CLOSE, MARK, PIECE_MARK -> mail.task().run();
            default -> send(mail);
        }
    }

    private void send(Mail mail) {
        Outbound outbound = connection.outbound();
        outbound.unlimited(true); // the mailbox has already checked the limit
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
            connection.calls().whenSent(sent);
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
            case CLOSE, MARK, PIECE_MARK, TASK -> throw new IllegalStateException("not a frame: " + mail.kind);
        };
    }

    @Override
    public void lost(Mail mail) {
        CompletableFuture<@Nullable Void> sent = mail.sent;
        if (sent != null) {
            sent.completeExceptionally(new IOException("the connection ended before this could be sent"));
        } else if (mail.isData()) {
            lost++;
        } else if (mail.kind == Mail.Kind.CLOSE) {
            connection.handshake().closeLost();
        }
    }

    @Override
    public int lost() {
        return lost;
    }

    @Override
    public void closeWaits() {
        connection.handshake().startDeadline();
    }

    @Override
    public void notifyWhenWritable() {
        connection.outbound().notifyWhenWritable();
        if (connection.outbound().backlog() == 0) {
            connection.writable();
        }
    }
}
