"""How many bytes zlib makes of a message at level 6, by window and takeover: what a peer sends that lets itself be limited."""

import random
import zlib

USERS = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"]
TAGS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
MESSAGES = 64

rng = random.Random(7)


def message(size):
    json = "["
    while len(json) < size:
        json += '{"id":%d,"user":"%s","price":%s,"tags":["%s","%s"],"ok":%s},' % (
            rng.randrange(1_000_000),
            rng.choice(USERS),
            rng.randrange(400_000) / 100.0,
            rng.choice(TAGS),
            rng.choice(TAGS),
            rng.choice(["true", "false"]),
        )
    return json[:size].encode()


def average(messages, bits, takeover):
    total = 0
    deflater = zlib.compressobj(6, zlib.DEFLATED, -bits, 8)
    for each in messages:
        if not takeover:
            deflater = zlib.compressobj(6, zlib.DEFLATED, -bits, 8)
        total += len(deflater.compress(each) + deflater.flush(zlib.Z_SYNC_FLUSH)) - 4
    return total // len(messages)


for size in (1024, 10 * 1024, 100 * 1024):
    messages = [message(size) for _ in range(MESSAGES)]
    print(f"{size} bytes, each message afresh: {average(messages, 15, False)}")
    for bits in (10, 11, 12, 13, 15):
        print(f"{size} bytes, window 2^{bits}: {average(messages, bits, True)}")
