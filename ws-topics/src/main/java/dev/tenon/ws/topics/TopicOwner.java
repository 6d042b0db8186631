package dev.tenon.ws.topics;

/** Keeps topics by name. */
interface TopicOwner {
    /** A topic has no subscribers and no messages any more, and takes no new ones. Called without a lock. */
    void forget(String name, Topic topic);
}
