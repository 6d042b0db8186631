package dev.tenon.ws.transport.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A selector over an {@code io_uring}. Each select repeats these steps:
 *
 * <pre>
 *     changed keys → requests → enter (the kernel receives) → completions → ready keys → the caller's action
 * </pre>
 *
 * Requests are queued only at the beginning of these steps, and the kernel gets them before any code of the caller
 * runs; if it does not take all of them, the descriptors that the others name stay open. So no request can name a
 * descriptor that was closed in the meantime and now belongs to another socket. The
 * first thread that selects becomes the owner, and only the owner may select. {@link #wakeup}, {@link #close}, {@link
 * #keys} and, of a key, {@code interestOps(int)} and {@code cancel} may be called from any thread.
 */
final class UringSelector extends AbstractSelector {
    /** How long closing a selector waits until the bytes of closed channels are sent, in nanoseconds. */
    static final long MOST_REST_NANOS = 2_000_000_000;

    private final EventDescriptor wake = new EventDescriptor();
    private final RingKeys ring;
    private final Registrations registrations;
    private final KeyReport report = new KeyReport(this::requireOpen);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final OwnerThread owner = new OwnerThread();

    UringSelector(SelectorProvider provider, RingSize size) throws IOException {
        super(provider);
        try {
            ring = new RingKeys(wake, size, new RestBuffers(Arena::ofShared));
        } catch (IOException | RuntimeException e) {
            wake.close();
            throw e;
        }
        registrations = new Registrations(ring, this::released);
    }

    private void released(UringKey key) {
        report.selected().remove(key);
        deregister(key);
    }

    /**
     * Keeps other threads from closing this selector while the owner uses the ring or its buffers: in each select, and
     * in calls of channels outside of a select.
     */
    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    // Keys

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        if (!(channel instanceof RegisteredChannel own)) {
            throw new IllegalSelectorException();
        }
        if (channel.isRegistered()) {
            throw new IllegalStateException("the channel is registered with another selector: cancel its key there,"
                    + " and let that selector select until isRegistered() returns false");
        }
        UringKey key = new UringKey(this, ring, own, ops);
        key.attach(attachment);
        own.registered(key);
        registrations.add(key);
        if (!isOpen()) {
            registrations.remove(key);
            SocketLifetime.letGo(own);
            throw new ClosedSelectorException();
        }
        changed(key);
        return key;
    }

    @Override
    public Set<SelectionKey> keys() {
        requireOpen();
        return registrations.view();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        requireOpen();
        return report.selected();
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    boolean isOwner() {
        return owner.isCurrent();
    }

    /** Schedules an update of a key before the selector waits again. May be called from any thread. */
    void changed(UringKey key) {
        if (isOwner()) {
            ring.changed(key);
        } else {
            registrations.changedElsewhere(key);
        }
    }

    /** Notifies the selector at once that another thread has closed a channel. */
    void closedElsewhere(UringKey key) {
        registrations.changedElsewhere(key);
        wakeup();
    }

    // Selecting

    @Override
    public int selectNow() throws IOException {
        return select(report.toSet(), 0);
    }

    @Override
    public int select(long timeout) throws IOException {
        return select(report.toSet(), nanos(timeout));
    }

    @Override
    public int select() throws IOException {
        return select(report.toSet(), -1);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return select(report.toAction(action), 0);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return select(report.toAction(action), nanos(timeout));
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return select(report.toAction(action), -1);
    }

    private static long nanos(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("a negative timeout: " + timeout);
        }
        return timeout == 0 ? -1 : Math.min(timeout, Long.MAX_VALUE / 1_000_000) * 1_000_000;
    }

    private int select(RingKeys.Report to, long nanos) throws IOException {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread is selecting already");
        }
        lock();
        try {
            requireOpen();
            owner.require();
            return selectUntil(to, nanos);
        } finally {
            unlock();
        }
    }

    /** Waits until a key is ready, the selector is woken, the thread is interrupted or the time is over. */
    private int selectUntil(RingKeys.Report to, long nanos) throws IOException {
        long end = nanos > 0 ? System.nanoTime() + nanos : 0;
        long left = nanos;
        while (true) {
            registrations.update(cancelledKeys());
            enter(left);
            boolean over = woken.getAndSet(false) || nanos == 0;
            registrations.deregister(cancelledKeys());
            over |= ring.report(to);
            if (over || Thread.currentThread().isInterrupted()) {
                return report.count();
            }
            if (nanos > 0) {
                left = end - System.nanoTime();
                if (left <= 0) {
                    return 0;
                }
            }
        }
    }

    private void enter(long nanos) throws IOException {
        if (nanos == 0 || !ring.isQuiet() || woken.get()) {
            ring.enter(0, 0);
            return;
        }
        sleep(nanos);
    }

    /** Waits for a completion. An interrupt of the thread ends this like a wake-up. */
    private void sleep(long nanos) throws IOException {
        try {
            begin();
            ring.enter(1, nanos);
        } finally {
            end();
        }
    }

    // Waking and closing

    @Override
    public Selector wakeup() {
        if (woken.compareAndSet(false, true)) {
            wake.signal();
        }
        return this;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        lock();
        try {
            endRequests();
        } finally { // whatever the kernel refuses: no descriptor and no memory remains
            try {
                releaseAll();
            } finally {
                unlock();
                registrations.closeCut();
            }
        }
    }

    private void endRequests() throws IOException {
        if (isOwner()) {
            ring.send();
            awaitBytes(registrations.closedWithBytes());
            ring.cancelAll();
        }
    }

    /** Waits until the kernel has sent the bytes of closed channels, because cancelled requests would lose them. */
    private void awaitBytes(Deque<UringKey> closed) throws IOException {
        long end = System.nanoTime() + MOST_REST_NANOS;
        while (hasBytes(closed) && !Thread.currentThread().isInterrupted()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            woken.set(false); // so that an interrupt wakes this thread
            registrations.update(cancelledKeys());
            if (closed.getFirst().output.hasRequest()) {
                sleep(left);
            } else {
                ring.enter(0, 0);
            }
        }
    }

    private static boolean hasBytes(Deque<UringKey> closed) {
        while (!closed.isEmpty() && !closed.getFirst().output.isBusy()) {
            closed.removeFirst();
        }
        return !closed.isEmpty();
    }

    private void releaseAll() {
        try {
            ring.closeRing();
        } finally {
            try {
                registrations.releaseAll();
            } finally {
                try {
                    ring.closeBuffers();
                } finally {
                    wake.close();
                }
            }
        }
    }
}
