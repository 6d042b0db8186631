package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Wire;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The wire of a connection on a channel. Bytes gather in a {@link ChannelOutput}. At the end of the current event, they
 * leave, and the channel ends if its end is due. For the event loop's own thread, except the methods that {@link Wire}
 * allows from any thread.
 */
final class ChannelWire implements Wire {
    /** The directions that end after the written bytes. */
    private enum End {
        NONE,
        OUTPUT,
        ALL
    }

    private final ChannelConnection connection;
    private final Carrier carrier;
    private final ChannelOutput output;
    private final LoopContext loop;
    private End end = End.NONE;

    ChannelWire(ChannelConnection connection, Carrier carrier, ChannelOutput output, LoopContext loop) {
        this.connection = connection;
        this.carrier = carrier;
        this.output = output;
        this.loop = loop;
    }

    @Override
    public ByteBuffer reserve(int length) {
        connection.settleLater();
        return output.reserve(length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        connection.settleLater();
        output.write(bytes);
    }

    @Override
    public void writeShared(ByteBuffer frame) {
        connection.settleLater();
        output.writeShared(frame);
    }

    @Override
    public long backlog() {
        return output.backlog();
    }

    @Override
    public boolean isBroken() {
        return connection.isClosed() || output.hasFailed();
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return carrier.remoteAddress();
    }

    @Override
    public long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public void resume() {
        connection.resume();
    }

    @Override
    public void updateDeadline() {
        if (!connection.isClosed()) {
            loop.update(connection);
        }
    }

    // The end

    @Override
    public void finish() {
        end = End.ALL;
        connection.settleLater();
    }

    @Override
    public void shutdownOutput() {
        if (end == End.NONE) {
            end = End.OUTPUT;
        }
        connection.settleLater();
    }

    @Override
    public void abort() {
        carrier.abort();
    }

    /** Ends the directions whose end is due. All written bytes must have been given to the channel before. */
    void endIfDue() {
        End due = end;
        end = End.NONE;
        switch (due) {
            case NONE -> {}
            case OUTPUT -> carrier.shutdownOutput();
            case ALL -> carrier.finish();
        }
    }
}
