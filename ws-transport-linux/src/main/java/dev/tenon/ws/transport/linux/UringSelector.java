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
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private final EventDescriptor wake = new EventDescriptor();
    private final RingKeys ring;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> keysView = Collections.unmodifiableSet(keys);
    private final KeyReport report = new KeyReport(this::requireOpen);
    private final Queue<UringKey> changedElsewhere = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Consumer<UringKey> onChanged = this::releaseIfUnused;
    private final ReentrantLock selecting = new ReentrantLock();
    private final OwnerThread owner = new OwnerThread();

    UringSelector(SelectorProvider provider, RingSize size) throws IOException {
        super(provider);
        try {
            ring = new RingKeys(wake, size, new RestBuffers(Arena::ofShared));
        } catch (IOException | RuntimeException e) {
            wake.close();
            throw e;
        }
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
        keys.add(key);
        if (!isOpen()) {
            keys.remove(key);
            SocketLifetime.letGo(own);
            throw new ClosedSelectorException();
        }
        changed(key);
        return key;
    }

    @Override
    public Set<SelectionKey> keys() {
        requireOpen();
        return keysView;
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

    /** Whether the selector has all completions of the kernel, so that the next bytes are in the socket itself. */
    boolean isUpToDate() {
        return ring.isUpToDate();
    }

    /** Schedules an update of a key before the selector waits again. May be called from any thread. */
    void changed(UringKey key) {
        if (isOwner()) {
            ring.changed(key);
        } else {
            changedElsewhere.add(key);
        }
    }

    /** Notifies the selector at once that another thread has closed a channel. */
    void closedElsewhere(UringKey key) {
        changedElsewhere.add(key);
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
        if (selecting.isHeldByCurrentThread()) {
            throw new IllegalStateException("this thread is selecting already");
        }
        selecting.lock();
        try {
            requireOpen();
            owner.require();
            return selectUntil(to, nanos);
        } finally {
            selecting.unlock();
        }
    }

    /** Waits until a key is ready, the selector is woken, the thread is interrupted or the time is over. */
    private int selectUntil(RingKeys.Report to, long nanos) throws IOException {
        long end = nanos > 0 ? System.nanoTime() + nanos : 0;
        long left = nanos;
        while (true) {
            deregisterCancelled();
            for (UringKey key; (key = changedElsewhere.poll()) != null; ) {
                ring.changed(key);
            }
            ring.update();
            enter(left);
            boolean over = woken.getAndSet(false) || nanos == 0;
            deregisterCancelled();
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
        try {
            begin();
            ring.enter(1, nanos);
        } finally {
            end();
        }
    }

    // Deregistering

    /** Deregisters cancelled keys, each as soon as the kernel has no request for it, which is a change of the key. */
    private void deregisterCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            for (SelectionKey each : cancelled) {
                ring.leave((UringKey) each);
            }
            cancelled.clear();
        }
        ring.forEachChanged(onChanged);
    }

    private void releaseIfUnused(UringKey key) {
        if (key.isUnused()) {
            release(key);
        }
    }

    private void release(UringKey key) {
        key.isLeaving = false;
        ring.remove(key);
        keys.remove(key);
        report.selected().remove(key);
        RegisteredChannel channel = key.registered();
        if (channel.isOpen()) {
            key.input.received().moveToHeap();
        } else {
            key.input.received().clear();
        }
        SocketLifetime.letGo(channel);
        deregister(key);
    }

    /** Lets go of a key when the ring is closed. A channel that would lose bytes is closed. */
    private void releaseAtOnce(UringKey key) {
        key.cancel();
        boolean lost = key.output.isBusy() && !key.output.sendWithoutRing();
        release(key);
        if (lost) {
            SocketLifetime.close(key.registered());
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
        selecting.lock();
        try {
            endRequests();
        } finally { // whatever the kernel refuses: no descriptor and no memory remains
            try {
                releaseAll();
            } finally {
                selecting.unlock();
            }
        }
    }

    private void endRequests() throws IOException {
        if (isOwner()) {
            ring.send();
            ring.cancelAll();
        }
    }

    private void releaseAll() {
        ring.closeRing();
        List.copyOf(keys).forEach(each -> releaseAtOnce((UringKey) each));
        ring.closeBuffers();
        wake.close();
    }
}
