package dev.tenon.ws.topics;

/** The owner of named topics. */
interface TopicOwner {
    /** A topic has no subscribers and messages any more and accepts no new ones. Called without a lock. */
    void forget(String name, Topic topic);
}
