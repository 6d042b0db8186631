package dev.tenon.ws.benchmarks.carriers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to measure: {@code --servers netty,tenon}, of which the last is compared with the others, and which may have {@code
 * NAME=CLASS:CLASSPATH} for a main class from elsewhere that takes the arguments of {@link EchoProcess} and prints its port,
 * {@code --carriers h1,h2}, {@code --sizes 125,1024}, {@code --depth N}, {@code --rounds 5}, {@code --seconds 3}, {@code --warm
 * 8}, {@code --prefix "taskset -c 0"} before the servers' command, {@code --tls PEM} with key and certificate of 127.0.0.1,
 * and {@code --memory N} for idle memory instead.
 */
record Options(
        List<String> servers,
        List<Boolean> carriers,
        List<Integer> sizes,
        int depth,
        int rounds,
        double seconds,
        double warmSeconds,
        List<String> prefix,
        String pem,
        int memory) {
    private static final Map<String, String> DEFAULTS = Map.of(
            "servers", "netty,tenon",
            "carriers", "h1,h2",
            "sizes", "125,1024",
            "depth", "0",
            "rounds", "5",
            "seconds", "3",
            "warm", "8",
            "prefix", "",
            "tls", "clear",
            "memory", "0");

    /** The name of a server in tables. */
    static String shortName(String server) {
        return server.replaceFirst("=.*", "");
    }

    boolean tls() {
        return !pem.equals("clear");
    }

    static Options parse(String[] arguments) throws IOException {
        Map<String, String> given = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].replaceFirst("^--", "");
            if (!DEFAULTS.containsKey(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("options are " + DEFAULTS.keySet() + ", each with a value");
            }
            given.put(name, arguments[i + 1]);
        }
        String pem = given.get("tls");
        if (!pem.equals("clear") && !Files.isReadable(Path.of(pem))) {
            throw new IOException("no file " + pem);
        }
        return new Options(
                words(given.get("servers"), ","),
                words(given.get("carriers"), ",").stream().map("h2"::equals).toList(),
                words(given.get("sizes"), ",").stream().map(Integer::valueOf).toList(),
                Integer.parseInt(given.get("depth")),
                Integer.parseInt(given.get("rounds")),
                Double.parseDouble(given.get("seconds")),
                Double.parseDouble(given.get("warm")),
                words(given.get("prefix"), " "),
                pem,
                Integer.parseInt(given.get("memory")));
    }

    private static List<String> words(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
