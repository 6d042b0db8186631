package dev.tenon.ws.benchmarks.codec;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs {@link CodecBenchmark}, or the named benchmarks, with the allocation profiler and prints Markdown tables:
 * nanoseconds and bytes allocated for one frame or message, a row for each codec and a column for each size. The
 * fastest of many short iterations counts, because other work of the machine can only make an iteration slower. Accepts
 * JMH's options, such as {@code DeflateBenchmark -p codec=pooled-2k -p size=1024}.
 */
public final class CodecReport {
    private CodecReport() {}

    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        CommandLineOptions options = new CommandLineOptions(args);
        ChainedOptionsBuilder builder = new OptionsBuilder().parent(options).addProfiler(GCProfiler.class);
        if (options.getIncludes().isEmpty()) {
            builder.include(CodecBenchmark.class.getName());
        }
        Collection<RunResult> results = new Runner(builder.build()).run();
        Map<String, Map<String, Map<Integer, String>>> tables = new TreeMap<>();
        Set<Integer> sizes = new TreeSet<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            int size = Integer.parseInt(params.getParam("size"));
            sizes.add(size);
            tables.computeIfAbsent(title(params), name -> new TreeMap<>())
                    .computeIfAbsent(params.getParam("codec"), name -> new TreeMap<>())
                    .put(size, cell(result));
        }
        System.out.println("\nJDK " + Runtime.version() + ", ns for one of them (bytes allocated)");
        tables.forEach((name, rows) -> print(name, rows, sizes));
    }

    /** The method, and the parameters that are neither row nor column. */
    private static String title(BenchmarkParams params) {
        String method = params.getBenchmark().substring(params.getBenchmark().lastIndexOf('.') + 1);
        return params.getParamsKeys().stream()
                .filter(key -> !Set.of("codec", "size").contains(key))
                .map(key -> switch (params.getParam(key)) {
                    case "true" -> key;
                    case "false" -> "un" + key;
                    default -> params.getParam(key);
                })
                .collect(Collectors.joining(", ", method + ", ", ""))
                .replaceFirst(", $", "");
    }

    private static String cell(RunResult result) {
        double nanos = result.getPrimaryResult().getStatistics().getMin();
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        double bytes = allocated == null ? Double.NaN : allocated.getScore();
        return String.format(nanos < 100 ? "%,.1f (%,.0f)" : "%,.0f (%,.0f)", nanos, bytes);
    }

    private static void print(String name, Map<String, Map<Integer, String>> rows, Set<Integer> sizes) {
        StringBuilder table = new StringBuilder("\n| ").append(name).append(" |");
        sizes.forEach(size -> table.append(String.format(" %,d B |", size)));
        table.append("\n|---|").append("---:|".repeat(sizes.size()));
        rows.forEach((codec, cells) -> {
            table.append("\n| ").append(codec).append(" |");
            sizes.forEach(size ->
                    table.append(' ').append(cells.getOrDefault(size, "-")).append(" |"));
        });
        System.out.println(table);
    }
}
