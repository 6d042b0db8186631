package dev.tenon.ws.connection;

/** A recipient that takes every mail at once: no message in pieces is under way, and nothing waits. */
abstract class IdleRecipient implements MailRecipient {
    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public boolean isMidMessage() {
        return false;
    }

    @Override
    public boolean takesPiece(MessageType type) {
        return true;
    }

    @Override
    public boolean isContinuedBy(MessageType type) {
        return false;
    }

    @Override
    public void lost(Mail mail) {
        throw new AssertionError("lost");
    }

    @Override
    public int lost() {
        return 0;
    }

    @Override
    public void closeWaits() {}

    @Override
    public void notifyWhenWritable() {}
}
