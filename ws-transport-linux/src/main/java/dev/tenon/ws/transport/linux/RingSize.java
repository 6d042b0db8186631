package dev.tenon.ws.transport.linux;

/**
 * The sizes of the two queues of a ring, powers of two.
 *
 * @param requests how many requests fit between two system calls; at least 4, the most of one key
 * @param completions how many completions fit; the kernel holds back further ones. It locks the memory of the queues, of
 *     which a user may have little
 */
record RingSize(int requests, int completions) {
    static final RingSize DEFAULT = new RingSize(256, 2 * 1024);
}
