package dev.tenon.ws.conformance.architecture;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URL;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.nio.channels.ByteChannel;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** One class for each action that is forbidden in a module without I/O, threads and clocks. */
@SuppressWarnings({"ArrayRecordComponent", "WaitNotInLoop"})
final class Impure {

    private Impure() {}

    record HoldsASocket(Socket socket) {}

    record HoldsAnArrayOfSockets(Socket[][] sockets) {}

    record HoldsAGenericSocket(List<Socket> sockets) {}

    record HoldsAChannel(ByteChannel channel) {}

    record HoldsASelector(Selector selector) {}

    record HoldsAnHttpClient(HttpClient client) {}

    record HoldsAUrl(URL url) {}

    record HoldsAFile(File file) {}

    record HoldsAStream(InputStream stream) {}

    record HoldsAThread(Thread thread) {}

    record HoldsAThreadState(Thread.State state) {}

    record HoldsAThreadLocal(ThreadLocal<String> local) {}

    record HoldsAnExecutorService(ExecutorService executor) {}

    record HoldsAScheduler(ScheduledExecutorService scheduler) {}

    record HoldsALock(StampedLock lock) {}

    record HoldsATimer(Timer timer) {}

    record HoldsAClock(Clock clock) {}

    record HoldsALogger(System.Logger logger) {}

    static final class ResolvesANameInABody {
        String resolve() throws UnknownHostException {
            return InetAddress.getByName("localhost").getHostName();
        }
    }

    static final class ReadsAFileInABody {
        int read(String name) throws IOException {
            try (var stream = new FileInputStream(name)) {
                return stream.read();
            }
        }
    }

    static final class ReadsAPath {
        byte[] read(String name) throws IOException {
            return Files.readAllBytes(Path.of(name));
        }
    }

    static final class ReadsTheNanoClock {
        long now() {
            return System.nanoTime();
        }
    }

    static final class ReadsTheNanoClockByReference {
        LongSupplier clock() {
            return System::nanoTime;
        }
    }

    static final class ReadsTheNanoClockInALambda {
        LongSupplier clock() {
            return () -> System.nanoTime() / 1000;
        }
    }

    static final class ReadsTheWallClock {
        long now() {
            return System.currentTimeMillis();
        }
    }

    static final class AsksForTheInstant {
        String now() {
            return Instant.now().toString();
        }
    }

    static final class Sleeps {
        void sleep() throws InterruptedException {
            Thread.sleep(1);
        }
    }

    static final class Waits {
        synchronized void waitForIt() throws InterruptedException {
            wait();
        }
    }

    static final class Prints {
        void print() {
            System.out.println();
        }
    }

    static final class RunsATaskOnAnotherThread {
        CompletableFuture<Void> run(Runnable task) {
            return CompletableFuture.runAsync(task);
        }
    }

    static final class SetsATimeout {
        CompletableFuture<Void> limit(CompletableFuture<Void> future) {
            return future.orTimeout(1, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    static final class CreatesAParallelStream {
        long count(List<String> list) {
            return list.parallelStream().count();
        }
    }

    static final class MakesAStreamParallel {
        long count(Stream<String> stream) {
            return stream.parallel().count();
        }
    }

    static final class Exits {
        void exit() {
            System.exit(1);
        }
    }

    static final class HaltsTheRuntime {
        void halt() {
            Runtime.getRuntime().halt(1);
        }
    }
}
