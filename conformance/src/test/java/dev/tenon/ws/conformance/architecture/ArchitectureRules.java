package dev.tenon.ws.conformance.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.Map;
import java.util.Set;

/** The architecture rules for the compiled classes. */
final class ArchitectureRules {

    private static final String ROOT = "dev.tenon.ws.";

    private static final Set<String> PURE_PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.security",
            "java.util",
            "java.util.concurrent.atomic",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "java.util.zip",
            "javax.crypto",
            "javax.crypto.spec",
            "org.jspecify.annotations");

    private static final Set<String> IMPURE_CLASSES_THERE = Set.of(
            "java.lang.InheritableThreadLocal",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.System$Logger",
            "java.lang.Thread",
            "java.lang.ThreadGroup",
            "java.lang.ThreadLocal",
            "java.util.Calendar",
            "java.util.Date",
            "java.util.Scanner",
            "java.util.Timer",
            "java.util.TimerTask",
            "java.util.zip.ZipFile");

    private static final Set<String> PURE_CLASSES_ELSEWHERE = Set.of(
            "java.io.ByteArrayOutputStream",
            "java.io.Closeable",
            "java.io.IOException",
            "java.io.Serializable",
            "java.io.UncheckedIOException",
            "java.net.IDN",
            "java.net.InetAddress",
            "java.net.InetSocketAddress",
            "java.net.SocketAddress",
            "java.net.URI",
            "java.net.URISyntaxException",
            "java.time.Duration",
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CompletionException",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.ConcurrentLinkedDeque",
            "java.util.concurrent.ConcurrentLinkedQueue",
            "java.util.concurrent.ConcurrentMap",
            "java.util.concurrent.ExecutionException",
            "java.util.concurrent.Executor", // another module has started the thread that runs the task
            "java.util.concurrent.RejectedExecutionException",
            "java.util.concurrent.TimeUnit",
            "java.util.concurrent.TimeoutException",
            "java.util.concurrent.locks.Condition", // an inbox blocks the caller's own thread
            "java.util.concurrent.locks.ReentrantLock");

    /**
     * The allowed methods of classes that also have forbidden ones. A pool may count the processors, and an address may
     * be created from its bytes, but no name may be looked up.
     */
    private static final Map<String, Set<String>> PURE_CALLS = Map.of(
            "java.lang.System", Set.of("arraycopy", "identityHashCode"),
            "java.lang.Runtime", Set.of("getRuntime", "availableProcessors"),
            "java.net.InetAddress", Set.of("getByAddress", "getAddress", "isLoopbackAddress"));

    /** Members of otherwise pure classes that block, start threads, sleep or read files. */
    private static final Set<String> IMPURE_CALLS = Set.of(
            "wait",
            "notify",
            "notifyAll",
            "sleep",
            "orTimeout",
            "completeOnTimeout",
            "delayedExecutor",
            "parallel",
            "parallelStream",
            "parallelSort",
            "parallelPrefix",
            "parallelSetAll",
            "getResource",
            "getResourceAsStream");

    private ArchitectureRules() {}

    /**
     * Forbids I/O, threads and clocks: everything that is not known to be pure is forbidden. One class uses the caller's
     * thread: it passes exceptions of the application to the thread's handler.
     */
    static ArchRule pure() {
        return CompositeArchRule.of(classes()
                        .that()
                        .doNotHaveFullyQualifiedName("dev.tenon.ws.topics.UncaughtExceptions")
                        .should()
                        .onlyDependOnClassesThat(
                                describe("are free of I/O, threads and clocks", ArchitectureRules::isPure)))
                .and(noClasses()
                        .should()
                        .accessTargetWhere(
                                describe("the target does I/O, blocks or reads a clock", ArchitectureRules::isImpure)));
    }

    /**
     * Forbids clocks that can be set, and so can jump: deadlines use {@code System.nanoTime}. The one class that reads
     * such a clock writes the {@code Date} of HTTP responses (RFC 9110 §6.6.1).
     */
    static ArchRule noClockThatJumps() {
        return noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.tenon.ws.server.HttpDate")
                .should()
                .accessTargetWhere(
                        describe("the target reads a clock that can be set", ArchitectureRules::readsTheDate));
    }

    private static boolean readsTheDate(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String member = access.getTarget().getName();
        return switch (owner) {
            case "java.lang.System" -> member.equals("currentTimeMillis");
            case "java.util.Date", "java.util.GregorianCalendar" -> member.equals("<init>");
            case "java.util.Calendar" -> member.equals("getInstance");
            default -> owner.startsWith("java.time.") && (member.equals("now") || owner.equals("java.time.Clock"));
        };
    }

    /** Allows a module to use only the modules below it. */
    static ArchRule seesOnlyWhatIsBelow(Piece piece) {
        Set<String> visible = piece.visibleModules();
        return classes()
                .should()
                .onlyDependOnClassesThat(describe(
                        "belong to " + visible,
                        type -> !isOurs(type)
                                || visible.contains(packageOf(type))
                                || piece.packages().contains(packageOf(type))));
    }

    /** Requires that all classes are in the exported package or in another package of the module. */
    static ArchRule staysInItsPackage(Piece piece) {
        return classes().should().resideInAnyPackage(piece.packages().toArray(String[]::new));
    }

    /** Forbids cycles between modules; modules are the packages right below the root. */
    static ArchRule noCyclesBelow(String root) {
        return slices().matching(root + ".(*)..").should().beFreeOfCycles();
    }

    private static boolean isPure(JavaClass type) {
        JavaClass element = type.getBaseComponentType();
        String name = element.getName();
        return element.isPrimitive()
                || isOurs(element)
                || PURE_CLASSES_ELSEWHERE.contains(name)
                || (PURE_PACKAGES.contains(element.getPackageName())
                        && IMPURE_CLASSES_THERE.stream()
                                .noneMatch(impure -> name.equals(impure) || name.startsWith(impure + "$")));
    }

    private static boolean isImpure(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String member = access.getTarget().getName();
        Set<String> pureCalls = PURE_CALLS.get(owner.getName());
        if (pureCalls != null) {
            return !pureCalls.contains(member);
        }
        return !isOurs(owner) && (IMPURE_CALLS.contains(member) || member.endsWith("Async"));
    }

    private static boolean isOurs(JavaClass type) {
        return packageOf(type).startsWith(ROOT);
    }

    private static String packageOf(JavaClass type) {
        return type.getBaseComponentType().getPackageName();
    }
}
