package dev.tenon.ws.topics;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The subscribers of a topic that share an executor, and the messages that wait to be sent to them.
 *
 * <p>A pass sends the messages of a batch, subscriber by subscriber: so a transport that gathers the bytes of a
 * connection makes one write per subscriber and pass. A pass goes through the array from its end to its start, so that
 * a removal, which moves the last subscriber into the gap, moves only a subscriber that is done:
 *
 * <pre>{@code
 *   subscribers    0 ........ at ........ count
 *                  to come        done
 *   messages       first ........ passEnd ........ end of the batch ........ end
 *                  for all        for those to come        queue
 * }</pre>
 *
 * At most one task is scheduled on the executor. A task that has used its budget is scheduled again, so that other
 * tasks can run. Messages that are published meanwhile join the batch, and the next pass sends them to the others.
 */
final class SubscriberGroup implements Runnable {
    private static final Publication[] NOTHING = {};

    private final Topic topic;
    final ConnectionExecutor executor;

    // Written on the executor only, and holding the lock of the topic; read on the executor, or holding the lock.
    private Subscriber[] subscribers = new Subscriber[4];
    private int count;

    // For the executor only.
    private Publication[] batch = NOTHING;
    private long first;
    private int at;
    private long passEnd;

    // Guarded by the topic.
    private final List<Publication> queue = new ArrayList<>();
    private final List<Subscriber> joined = new ArrayList<>();
    private final List<Subscriber> toggled = new ArrayList<>();
    private long pending;
    private long end;
    private boolean scheduled;

    SubscriberGroup(Topic topic, ConnectionExecutor executor) {
        this.topic = topic;
        this.executor = executor;
    }

    // Any thread, holding the lock of the topic

    /** How many published bytes have not been sent to all subscribers. */
    long pending() {
        return pending;
    }

    /** Adds a message; returns whether {@link #schedule} must follow once the lock is free. */
    boolean append(Publication publication) {
        queue.add(publication);
        pending += publication.cost();
        end++;
        return claimTask();
    }

    private boolean claimTask() {
        boolean claimed = !scheduled;
        scheduled = true;
        return claimed;
    }

    Subscriber join(WebSocket webSocket) {
        Subscriber subscriber = new Subscriber(this, webSocket, end);
        joined.add(subscriber);
        return subscriber;
    }

    /** Ends a subscription after the messages published so far; returns whether {@link #schedule} must follow. */
    boolean leaveLater(Subscriber subscriber) {
        subscriber.toggle(end);
        list(subscriber);
        return claimTask();
    }

    private void list(Subscriber subscriber) {
        if (!subscriber.listed) {
            subscriber.listed = true;
            toggled.add(subscriber);
        }
    }

    /** Resumes a subscription that has ended while messages wait to be sent to it. */
    void rejoin(Subscriber subscriber) {
        subscriber.toggle(end);
    }

    void forEach(Consumer<? super Subscriber> action) {
        Arrays.stream(subscribers, 0, count).forEach(action);
        joined.forEach(action);
    }

    /** Whether the topic can remove this group. */
    boolean isIdle() {
        return count == 0 && joined.isEmpty() && !scheduled;
    }

    // Any thread, without the lock

    void schedule() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException stopped) { // all its connections end
            topic.drop(this);
        }
    }

    void leave(Subscriber subscriber) {
        if (executor.isCurrentThread()) {
            leaveHere(subscriber);
        } else if (topic.leaveLater(subscriber)) {
            schedule();
        }
    }

    /** The connection has ended. */
    void end(Subscriber subscriber) {
        if (executor.isCurrentThread()) {
            subscriber.next = Long.MAX_VALUE;
            synchronized (topic) {
                remove(subscriber);
            }
            topic.dropIfIdle(this);
        } else if (topic.leaveLater(subscriber)) { // the connection had ended before this group registered for its end
            schedule();
        }
        topic.forgetIfEmpty(); // the executor may have stopped before
    }

    // On the executor

    /** Sends a subscriber the messages published before, then removes it. It receives no message after this returns. */
    private void leaveHere(Subscriber subscriber) {
        Publication[] waiting;
        long firstWaiting;
        synchronized (topic) {
            topic.unsubscribed(subscriber, end);
            waiting = queue.toArray(NOTHING);
            firstWaiting = end - waiting.length;
        }
        deliver(subscriber, batch, first, Integer.MAX_VALUE);
        deliver(subscriber, waiting, firstWaiting, Integer.MAX_VALUE);
        synchronized (topic) {
            if (subscriber.subscribed) { // another thread has subscribed it again
                list(subscriber);
            } else {
                remove(subscriber);
            }
        }
        Memberships.removed(topic, subscriber);
        topic.dropIfIdle(this);
    }

    @Override
    public void run() {
        begin();
        pass(topic.stepsPerTurn);
        if (at > 0 || finish()) {
            schedule();
        } else {
            topic.dropIfIdle(this);
        }
    }

    /** Moves the queue to the batch, unless this is long already, and begins a pass if none has begun. */
    private void begin() {
        synchronized (topic) {
            if (batch.length < topic.stepsPerTurn && !queue.isEmpty()) {
                int known = batch.length;
                batch = Arrays.copyOf(batch, known + queue.size());
                System.arraycopy(queue.toArray(NOTHING), 0, batch, known, queue.size());
                queue.clear();
                first = end - batch.length;
            }
            if (at == 0) {
                admitJoined();
                passEnd = first + batch.length;
                at = batch.length == 0 ? 0 : count;
            }
        }
    }

    private void pass(int budget) {
        long past = first + batch.length;
        for (int left = budget; at > 0 && left > 0; ) {
            Subscriber subscriber = subscribers[at - 1];
            left = deliver(subscriber, batch, first, left - 1);
            boolean stayed = at > 0 && subscribers[at - 1] == subscriber; // a send may end connections
            if (stayed && subscriber.next >= past) {
                at--;
            }
        }
    }

    /** Sends messages of an array to a subscriber until the budget is used; returns the rest of the budget. */
    private int deliver(Subscriber subscriber, Publication[] messages, long firstNumber, int budget) {
        int left = budget;
        long past = firstNumber + messages.length;
        while (subscriber.next < past && left >= 0) {
            long number = subscriber.next;
            subscriber.next = number + 1; // before the send, which may call this method again
            Publication publication = messages[(int) (number - firstNumber)];
            if (publication.except() != subscriber.webSocket && subscriber.isToReceive(number)) {
                send(subscriber, publication);
                left -= publication.steps();
            }
        }
        return left;
    }

    private void send(Subscriber subscriber, Publication publication) {
        try {
            SendResult result = subscriber.webSocket.trySend(publication.message());
            if (result == SendResult.REFUSED && subscriber.webSocket.readyState() == ReadyState.OPEN) {
                topic.miss();
                if (topic.policy == SlowSubscriber.CLOSE) {
                    subscriber.webSocket.close(CloseCode.TRY_AGAIN_LATER, "");
                }
            }
        } catch (Throwable thrown) { // end this connection, so that the others receive the message
            subscriber.webSocket.abort();
        }
    }

    /** Ends a pass; returns whether another one is needed. */
    private boolean finish() {
        List<Subscriber> gone = new ArrayList<>(0);
        boolean more;
        synchronized (topic) {
            int sent = (int) (passEnd - first);
            for (int i = 0; i < sent; i++) {
                pending -= batch[i].cost();
            }
            batch = Arrays.copyOfRange(batch, sent, batch.length);
            first = passEnd;
            settle(gone);
            more = batch.length > 0 || !queue.isEmpty();
            scheduled = more;
        }
        gone.forEach(subscriber -> Memberships.removed(topic, subscriber));
        return more;
    }

    private void settle(List<Subscriber> gone) {
        toggled.removeIf(subscriber -> {
            boolean settled = subscriber.removed || subscriber.settle();
            if (settled && !subscriber.removed && !subscriber.subscribed) {
                remove(subscriber);
                gone.add(subscriber);
            }
            subscriber.listed = !settled;
            return settled;
        });
    }

    private void admitJoined() {
        for (Subscriber subscriber : joined) {
            if (count == subscribers.length) {
                subscribers = Arrays.copyOf(subscribers, 2 * count);
            }
            subscriber.index = count;
            subscribers[count++] = subscriber;
        }
        joined.clear();
    }

    /** Removes a subscriber from the array. The caller holds the lock of the topic. */
    private void remove(Subscriber subscriber) {
        admitJoined();
        if (subscriber.removed) {
            return;
        }
        topic.forgotten(subscriber);
        Subscriber last = subscribers[--count];
        at = Math.min(at, count);
        last.index = subscriber.index;
        subscribers[last.index] = last;
        Arrays.fill(subscribers, count, count + 1, null);
        if (count < subscribers.length / 4) {
            subscribers = Arrays.copyOf(subscribers, Math.max(4, subscribers.length / 2));
        }
    }
}
