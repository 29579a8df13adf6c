package org.oomlab.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Which package may use what.
 *
 * <p>Every rule holds for packages that have no classes yet. When one fails, the code is wrong more
 * often than the rule; to change a rule is to change the design, so say why in the commit.
 */
class ArchitectureTest {
  private static final String ROOT = "org.oomlab.";

  /** Each package of ours, with those of ours that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("unit"),
          entry("engine", "unit"),
          entry("trace", "unit"),
          entry("output"),
          entry("daemon", "unit"),
          entry("handler"),
          entry("policy", "daemon", "handler", "unit"),
          entry("intake", "engine", "unit", "workload"),
          entry("pressure"),
          entry("statistics", "engine"),
          entry("reclaim", "engine"),
          entry("swap"),
          entry(
              "kernel",
              "daemon",
              "engine",
              "handler",
              "policy",
              "pressure",
              "reclaim",
              "swap",
              "trace",
              "unit",
              "workload"),
          entry(
              "diagnosis",
              "engine",
              "experiment",
              "intake",
              "kernel",
              "policy",
              "trace",
              "unit",
              "workload"),
          entry("workload", "engine", "unit"),
          entry("yaml", "daemon", "engine", "handler", "policy", "unit", "workload"),
          entry(
              "experiment",
              "daemon",
              "engine",
              "kernel",
              "policy",
              "pressure",
              "statistics",
              "trace",
              "unit",
              "workload"),
          entry(
              "report",
              "diagnosis",
              "engine",
              "experiment",
              "intake",
              "kernel",
              "output",
              "policy",
              "statistics",
              "trace",
              "unit",
              "workload"),
          entry(
              "debug",
              "engine",
              "experiment",
              "kernel",
              "policy",
              "report",
              "timeline",
              "trace",
              "unit",
              "workload"),
          entry(
              "timeline", "experiment", "kernel", "policy", "report", "trace", "unit", "workload"),
          entry(
              "picture", "experiment", "output", "report", "timeline", "trace", "unit", "workload"),
          entry("fleet", "intake", "workload", "yaml"),
          entry("spark", "experiment", "unit", "workload"),
          entry(
              "article",
              "daemon",
              "diagnosis",
              "engine",
              "experiment",
              "kernel",
              "picture",
              "policy",
              "report",
              "statistics",
              "timeline",
              "unit",
              "workload"),
          entry(
              "cli",
              "article",
              "daemon",
              "debug",
              "diagnosis",
              "engine",
              "experiment",
              "fleet",
              "handler",
              "intake",
              "kernel",
              "output",
              "picture",
              "policy",
              "refute",
              "report",
              "statistics",
              "timeline",
              "trace",
              "unit",
              "workload",
              "worlds",
              "yaml"),
          entry(
              "refute",
              "engine",
              "experiment",
              "kernel",
              "policy",
              "report",
              "statistics",
              "trace",
              "unit",
              "workload",
              "worlds"),
          entry(
              "worlds",
              "daemon",
              "engine",
              "experiment",
              "handler",
              "kernel",
              "policy",
              "trace",
              "unit",
              "workload"));

  private static Map.Entry<String, Set<String>> entry(String user, String... used) {
    return Map.entry(user, Set.of(used));
  }

  /** Where the same inputs must lead to the same events, and to the same documents. */
  private static final String[] DETERMINISTIC =
      ours(
          "article",
          "daemon",
          "debug",
          "engine",
          "policy",
          "kernel",
          "picture",
          "pressure",
          "reclaim",
          "refute",
          "swap",
          "timeline",
          "workload",
          "worlds");

  /** What the state of the kernel is told to others in. The rest of it is the kernel's own. */
  private static final Set<String> TOLD =
      Set.of("Law", "LawBroken", "Ledger", "Panic", "Shortcut", "Standing", "Verdict");

  /** Where millions of events pass through, one at a time. */
  private static final String[] HOT = ours("engine", "kernel", "pressure", "reclaim", "swap");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("org.oomlab");

  // Who may use whom.

  @Test
  void everyClassIsInAPackageWithRules() {
    check(
        classes()
            .should()
            .resideInAnyPackage(ours(MAY_USE.keySet().toArray(String[]::new)))
            .because("a new package needs a line in MAY_USE"));
  }

  @TestFactory
  Stream<DynamicTest> aPackageUsesOnlyWhatItMay() {
    return new TreeMap<>(MAY_USE)
        .entrySet().stream()
            .map(
                entry ->
                    DynamicTest.dynamicTest(
                        entry.getKey(), () -> usesOnly(entry.getKey(), entry.getValue())));
  }

  private static void usesOnly(String user, Set<String> used) {
    Set<String> others = new TreeSet<>(MAY_USE.keySet());
    others.remove(user);
    others.removeAll(used);
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + user + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ours(others.toArray(String[]::new))));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching(ROOT + "(*)..").should().beFreeOfCycles());
    check(slices().matching(ROOT + "(**)").should().beFreeOfCycles());
  }

  // Each library has one door.

  @Test
  void onlyYamlUsesYamlAndDataBinding() {
    only("yaml").uses("com.fasterxml.jackson.databind..");
    only("yaml").uses("com.fasterxml.jackson.dataformat.yaml..");
    only("yaml").uses("org.yaml..");
  }

  @Test
  void onlyYamlAndReportUseJackson() {
    only("yaml", "report").uses("com.fasterxml..");
    only("report").uses("com.fasterxml.jackson.dataformat.csv..");
  }

  @Test
  void onlyStatisticsAndExperimentsUseCommonsMath() {
    only("statistics", "experiment").uses("org.apache.commons.math3..");
    only("statistics", "experiment").uses("org.apache.commons.statistics..");
  }

  @Test
  void onlyIntakeUnpacksLogs() {
    only("intake").uses("org.tukaani..");
  }

  @Test
  void onlyPicturesAreDrawn() {
    only("picture").uses("java.awt..");
    only("picture").uses("javax.imageio..");
    only("picture").uses("org.jfree..");
    only("picture").uses("org.apache.batik..");
  }

  @Test
  void onlyTimelinesAreWrittenForPerfetto() {
    only("timeline.perfetto").uses("com.google.protobuf..");
  }

  @Test
  void onlyCliUsesTheTerminal() {
    only("cli").uses("picocli..");
    only("cli").uses("org.jline..");
    only("cli").uses("me.tongfei..");
  }

  @Test
  void onlySparkKnowsOfTheCluster() {
    only("spark").uses("org.apache.spark..");
    only("spark").uses("org.apache.hadoop..");
    only("spark").uses("scala..");
  }

  // One way out.

  @Test
  void onlyOutputOpensFilesToWriteToThem() {
    DescribedPredicate<JavaCall<?>> writes =
        describe(
            "they make, change or open files for writing",
            call -> {
              String owner = call.getTargetOwner().getName();
              String name = call.getName();
              return switch (owner) {
                case "java.nio.file.Files" ->
                    name.matches(
                        "(write|create|delete|move|copy|set|newOutput|newBufferedWriter).*|newByteChannel");
                case "java.nio.channels.FileChannel", "java.nio.channels.AsynchronousFileChannel" ->
                    name.equals("open");
                case "java.io.FileOutputStream" ->
                    name.equals("<init>")
                        && !call.getTarget()
                            .getRawParameterTypes()
                            .get(0)
                            .getName()
                            .equals("java.io.FileDescriptor");
                case "java.io.FileWriter", "java.io.RandomAccessFile" -> name.equals("<init>");
                case "java.io.PrintStream", "java.io.PrintWriter" ->
                    name.equals("<init>")
                        && call.getTarget()
                            .getRawParameterTypes()
                            .get(0)
                            .getName()
                            .matches("java\\.io\\.File|java\\.lang\\.String");
                case "java.io.File" -> name.matches("create.*|delete.*|mkdir.*|renameTo|set.*");
                default -> false;
              };
            });
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(ours("output"))
            .should()
            .callCodeUnitWhere(writes)
            .because("one place checks them, locks them and replaces them"));
  }

  @Test
  void onlyAFewClassesWriteWhatPeopleRead() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "report..")
            .and()
            .doNotHaveSimpleName("Page")
            .and()
            .doNotHaveSimpleName("KernelLog")
            .should()
            .callMethodWhere(
                describe(
                    "they write to a writer",
                    (JavaMethodCall call) ->
                        call.getTargetOwner().isAssignableTo(Writer.class)
                            && call.getName().matches("write|append")))
            .because("a page makes printable what came from outside"));
    check(
        noClasses()
            .that(
                describe(
                    "are none of those that print",
                    type ->
                        !type.getName()
                            .matches(
                                ROOT + "(output\\..*|cli\\.session\\.(Session|ProgressLine))")))
            .should()
            .callMethodWhere(
                describe(
                    "they print to a stream",
                    (JavaMethodCall call) ->
                        call.getTargetOwner().isAssignableTo(PrintStream.class)
                            && call.getName().matches("print.*|write|append|format")))
            .because("a session makes printable what came from outside"));
  }

  // Determinism.

  @Test
  void simulationsDoNotReadTheRealClock() {
    forbid(
        "simulated time is the only time there is",
        DETERMINISTIC,
        named(
            "java.time.Clock",
            "java.time.Instant",
            "java.time.LocalDate",
            "java.time.LocalDateTime",
            "java.time.LocalTime",
            "java.time.ZonedDateTime",
            "java.util.Date"));
    forbidCalls(
        "simulated time is the only time there is",
        System.class,
        "nanoTime",
        "currentTimeMillis",
        "identityHashCode");
  }

  @Test
  void simulationsDrawChanceOnlyFromTheirSeed() {
    forbid(
        "chance comes from the streams in engine, which a seed decides",
        DETERMINISTIC,
        named(
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.UUID",
            "java.util.concurrent.ThreadLocalRandom"));
    forbidCalls("chance comes from the streams in engine", Math.class, "random");
  }

  @Test
  void simulationsDoNotIterateInHashOrder() {
    forbid(
        "their order is not ours to decide; LinkedHashMap, TreeMap and EnumMap have one",
        DETERMINISTIC,
        named(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.Hashtable",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.concurrent.ConcurrentHashMap"));
    String because = "its order differs from one run of the JVM to the next";
    forbidCalls(because, Map.class, "of", "ofEntries", "copyOf");
    forbidCalls(because, Set.class, "of", "copyOf");
  }

  @Test
  void simulationsKeepNothingBetweenRuns() {
    check(
        fields()
            .that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(DETERMINISTIC)
            .should()
            .beFinal()
            .because("what one episode leaves behind, the next would find"));
  }

  @Test
  void mechanismsKeepNoState() {
    check(
        fields()
            .that()
            .areDeclaredInClassesThat(
                describe(
                    "are mechanisms",
                    type ->
                        type.getPackageName().equals(ROOT + "kernel")
                            // What they remember is no part of a run, and forgotten with a copy.
                            && !type.getSimpleName().equals("Laws")))
            .should()
            .beFinal()
            .because("a copy of a run is a copy of what is in kernel.state"));
  }

  @Test
  void onlyTheKernelTouchesItsState() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "kernel..")
            .should()
            .dependOnClassesThat(
                describe(
                    "are the kernel's own",
                    type ->
                        type.getPackageName().equals(ROOT + "kernel.state")
                            && TOLD.stream()
                                .noneMatch(
                                    told ->
                                        type.getName()
                                            .matches(ROOT + "kernel.state." + told + "(\\$.*)?"))))
            .because("its fields are public to the mechanisms, and to nobody else"));
  }

  @Test
  void whatATaskWaitsForIsToldToTheQueueByItsWaitAlone() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "kernel..")
            .and()
            .doNotHaveSimpleName("Kernel")
            .and()
            .doNotHaveSimpleName("Waits")
            .and()
            .doNotHaveSimpleName("RunQueue") // bursts on a processor, for Waits
            .and()
            .doNotHaveSimpleName("OomReaper") // REAP_TIMER
            .and()
            .doNotHaveSimpleName("Reclaim") // KSWAPD
            .and()
            .doNotHaveSimpleName("PageOut") // SWAP_WRITE
            .and()
            .doNotHaveSimpleName("Watch") // MEMORY
            .should()
            .callMethodWhere(
                target(owner(name(ROOT + "kernel.Kernel")))
                    .and(target(nameMatching("at|in|cancel"))))
            .orShould()
            .callMethodWhere(
                target(owner(name(ROOT + "engine.EventQueue")))
                    .and(target(nameMatching("at|cancel|cancelAny"))))
            .because("a task waits for one thing, and one place knows for which"));
  }

  @Test
  void theHotPathHasNeitherStreamsNorThreads() {
    forbid(
        "a loop allocates nothing that cannot be seen",
        HOT,
        resideInAnyPackage("java.util.stream"));
    forbid(
        "one episode is one thread's work; experiments run many side by side",
        HOT,
        assignableTo(Thread.class).or(resideInAnyPackage("java.util.concurrent..")));
  }

  // The process.

  @Test
  void onlyOomlabTouchesTheProcess() {
    DescribedPredicate<JavaClass> elsewhere =
        describe("are not Oomlab", type -> !type.getName().matches(ROOT + "cli\\.Oomlab(\\$.*)?"));
    String because = "one place decides about streams and exit codes";
    for (String stream : List.of("in", "out", "err")) {
      check(
          noClasses().that(elsewhere).should().accessField(System.class, stream).because(because));
    }
    check(
        noClasses()
            .that(elsewhere)
            .should()
            .callMethodWhere(
                target(owner(assignableTo(System.class).or(assignableTo(Runtime.class))))
                    .and(target(nameMatching("exit|halt"))))
            .because(because));
    check(
        noClasses()
            .that(elsewhere)
            .should()
            .callMethodWhere(
                describe(
                    "they print a stack trace to standard error",
                    (JavaMethodCall call) ->
                        call.getName().equals("printStackTrace")
                            && call.getTarget().getRawParameterTypes().isEmpty()))
            .because(because));
  }

  // The rules themselves.

  @Test
  void packagesAreListedWithTheirOwnUses() {
    MAY_USE.forEach(
        (user, used) -> {
          assertThat(MAY_USE.keySet()).containsAll(used);
          assertThat(used).as("what %s may use", user).doesNotContain(user);
          for (String each : used) {
            assertThat(MAY_USE.get(each)).as("%s and %s", user, each).doesNotContain(user);
          }
        });
  }

  private static void forbid(
      String because, String[] packages, DescribedPredicate<? super JavaClass> what) {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(packages)
            .should()
            .dependOnClassesThat(what)
            .because(because));
  }

  private static void forbidCalls(String because, Class<?> owner, String... methods) {
    for (String method : methods) {
      check(
          noClasses()
              .that()
              .resideInAnyPackage(DETERMINISTIC)
              .should()
              .callMethodWhere(target(owner(name(owner.getName()))).and(target(name(method))))
              .because(because));
    }
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }

  private static Door only(String... packages) {
    return library ->
        check(
            noClasses()
                .that()
                .resideOutsideOfPackages(ours(packages))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library));
  }

  private static DescribedPredicate<JavaClass> named(String... names) {
    Set<String> set = Set.of(names);
    return describe("one of " + new TreeSet<>(set), type -> set.contains(type.getName()));
  }

  private static String[] ours(String... packages) {
    return Arrays.stream(packages).map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  /** What the only packages that may do so, do. */
  private interface Door {
    void uses(String library);
  }
}
