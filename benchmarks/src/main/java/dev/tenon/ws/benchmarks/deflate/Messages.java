package dev.tenon.ws.benchmarks.deflate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Similar messages of one size, like those of one connection. */
final class Messages {
    /** The number of messages of one call of a benchmark; all figures are for one message. */
    static final int COUNT = 16;

    private static final String[] WORDS = {
        "the", "frame", "carries", "a", "payload", "which", "is", "masked", "with", "key", "of", "four", "bytes", "and",
        "sent", "to", "server", "before", "next", "message", "begins", "in", "order", "without", "delay"
    };

    private Messages() {}

    /** JSON up to 4 KiB, prose above. */
    static ByteBuffer[] of(int size) {
        SplittableRandom random = new SplittableRandom(size);
        ByteBuffer[] messages = new ByteBuffer[COUNT];
        for (int i = 0; i < COUNT; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < size) {
                text.append(size <= 4096 ? json(random) : WORDS[random.nextInt(WORDS.length)] + ' ');
            }
            messages[i] = direct(text.substring(0, size).getBytes(UTF_8));
        }
        return messages;
    }

    private static String json(SplittableRandom random) {
        return "{\"id\":" + random.nextInt(1_000_000) + ",\"user\":\"" + WORDS[random.nextInt(WORDS.length)]
                + random.nextInt(100) + "\",\"price\":" + random.nextInt(10_000) / 100.0 + ",\"active\":"
                + random.nextBoolean() + ",\"at\":" + (1_700_000_000_000L + random.nextInt(1 << 30)) + "},";
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
