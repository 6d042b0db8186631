package dev.tenon.ws.server;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Session;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/** The subscribers of a topic that live on one event loop, which is the only one to touch them. */
final class Subscribers implements Session.Watcher {
    private final Topic topic;
    private final EventLoop loop;
    private final Set<Session> sessions = new LinkedHashSet<>();

    /** How many sessions there are, and how many are about to be added. Guarded by the topic. */
    int holds;
    /** The cost of what was published and not sent yet. Guarded by the topic. */
    long pending;

    Subscribers(Topic topic, EventLoop loop) {
        this.topic = topic;
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    /** Has something done on the loop, always later: never while messages are being sent. */
    void execute(Runnable task, Runnable otherwise) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException stopped) {
            otherwise.run();
        }
    }

    void add(Session session) {
        if (session.readyState() == ReadyState.CLOSED || !sessions.add(session)) {
            topic.released(this);
        } else {
            session.watch(this);
        }
    }

    void remove(Session session) {
        if (sessions.remove(session)) {
            session.unwatch(this);
            topic.released(this);
        }
    }

    @Override
    public void ended(Session session) {
        if (sessions.remove(session)) {
            topic.released(this);
        }
    }

    void send(PreparedMessage message, long cost) {
        try {
            for (Session session : sessions) {
                send(session, message);
            }
        } finally {
            topic.sent(this, cost);
        }
    }

    private void send(Session session, PreparedMessage message) {
        SendResult result;
        try {
            result = session.send(message);
        } catch (IllegalStateException midMessage) { // it sends a message of its own in pieces: nothing fits in between
            result = SendResult.REFUSED;
        }
        if (result == SendResult.REFUSED && session.readyState() == ReadyState.OPEN) {
            topic.miss();
            loop.counters().countMissed();
            if (topic.policy() == SlowSubscriber.CLOSE) {
                session.close(CloseCode.TRY_AGAIN_LATER, "");
            }
        }
    }
}
