package org.oomlab.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oomlab.engine.Quantity.Constant;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.workload.PageTableContention;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.tree.Entry;

/** How names become files. */
class LibraryTest {
  @TempDir Path folder;
  private Home home;

  @BeforeEach
  void home() {
    home = new Home(folder);
  }

  private List<String> policies(Library library, String... names) {
    return library.resolvePolicies(List.of(names), note -> {}).stream().map(Policy::name).toList();
  }

  private List<String> workloads(Library library, String... names) {
    return library.resolveWorkloads(List.of(names), note -> {}).stream()
        .map(Workload::name)
        .toList();
  }

  @Test
  void listsWhatIsShippedWithoutReadingIt() {
    home.write("policies/kernels/broken.yaml", "[");
    Library library = home.library();

    assertThat(library.policies())
        .extracting(Entry::name)
        .containsExactly("broken", "linux-4.17", "linux-6.1", "linux-6.18", "patient");
    assertThat(library.policies().get(0).title()).isEmpty();
    assertThat(library.policies().get(1).title()).isEqualTo("Title of linux-4.17");
    assertThat(library.policies().get(4).family()).isEqualTo("proposals");
    assertThat(library.workloads())
        .extracting(Entry::family)
        .containsExactly("mlocked/deep", "mlocked", "threads");
    assertThat(library.costs()).extracting(Entry::name).containsExactly("reference", "x86-64");
  }

  @Test
  void findsNamesFamiliesFilesAndFolders() {
    Library library = home.library();
    String file =
        home.write("mine/mine.yml", "policy: mine\nextends: patient\nkiller: {root_bonus: 3}\n")
            .toString();
    String mine = folder.resolve("mine").toString();

    assertThat(policies(library, "patient")).containsExactly("patient");
    assertThat(policies(library, "linux-6.18", "kernels"))
        .containsExactly("linux-6.18", "linux-4.17", "linux-6.1");
    assertThat(policies(library, file)).containsExactly("mine");
    assertThat(policies(library, mine)).containsExactly("mine");
    assertThat(workloads(library, "mlocked")).containsExactly("mlocked-all", "mlocked-one");
    assertThat(workloads(library, folder.resolve("workloads").toString()))
        .containsExactly("mlocked-all", "mlocked-one", "threads-7");
  }

  @Test
  void readsStandardInputOnceForEverybody() {
    Library library = home.library("policy: piped\nextends: patient\n");

    assertThat(policies(library, "-")).containsExactly("piped");
    assertThat(policies(library, "-")).containsExactly("piped");
    assertThat(home.problemsOf(() -> workloads(library, "-")))
        .isEqualTo("stdin: is a policy, and a workload is wanted here; name it with -p -");
  }

  @ParameterizedTest
  @CsvSource({
    "linux-6.6, linux-6.1 (6.1..6.17)",
    "linux-6.17.9, linux-6.1 (6.1..6.17)",
    "linux-6.19, linux-6.18 (6.18..)",
    "linux-10.1, linux-6.18 (6.18..)",
    "linux-4.16.13, linux-4.17 (4.16.13..4.18)",
    "linux-4.18.20, linux-4.17 (4.16.13..4.18)",
  })
  void knowsWhichPolicyAVersionBehavesAs(String name, String described) {
    List<String> notes = new ArrayList<>();

    List<Policy> policies = home.library().resolvePolicies(List.of(name), notes::add);

    assertThat(policies).extracting(Policy::name).containsExactly(name);
    assertThat(policies).extracting(Policy::profile).containsExactly(described.split(" ")[0]);
    assertThat(notes).containsExactly(name + " behaves as " + described);
  }

  @Test
  void aVersionBetweenTwoRangesIsStoodInForByTheOneBefore() {
    List<String> notes = new ArrayList<>();

    List<Policy> policies = home.library().resolvePolicies(List.of("linux-5.0"), notes::add);

    assertThat(policies).extracting(Policy::profile).containsExactly("linux-4.17");
    assertThat(notes)
        .containsExactly(
            "linux-5.0 lies between what the policies stand for; linux-4.17 (4.16.13..4.18) stands"
                + " in");
  }

  @Test
  void takesAnExactNameOverAVersionRange() {
    home.write("policies/kernels/linux-6.6.yaml", "policy: linux-6.6\nextends: linux-6.1\n");

    assertThat(policies(home.library(), "linux-6.6")).containsExactly("linux-6.6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-4.16", "linux-5.20", "linux-", "linux", "linux-6.x"})
  void knowsNoVersionOutsideOfAllRanges(String name) {
    assertThat(home.problemsOf(() -> policies(home.library(), name)))
        .startsWith(name + ": no policy of this name");
  }

  @Test
  void suggestsNamesAndFamilies() {
    assertThat(home.problemsOf(() -> policies(home.library(), "linux-4.71", "no/such", "x.yaml")))
        .isEqualTo(
            """
            linux-4.71: no policy of this name; did you mean linux-4.17?
            no/such: no such file
            x.yaml: no such file""");
    assertThat(home.problemsOf(() -> workloads(home.library(), "mloked")))
        .isEqualTo("mloked: no workload of this name; did you mean mlocked?");
  }

  @Test
  void givesAPolicyAnotherName() {
    Library library = home.library();

    assertThat(policies(library, "base=linux-4.17", "linux-4.17"))
        .containsExactly("base", "linux-4.17");
    assertThat(home.problemsOf(() -> policies(library, "all=kernels")))
        .isEqualTo("all=kernels: a label is for one policy");
    assertThat(home.problemsOf(() -> policies(library, "a=linux-4.17", "a=linux-6.1")))
        .contains("there is another policy called a, in ");
  }

  @Test
  void remembersWhoSetEachKnob() {
    home.write("a/a.yaml", "policy: a\nextends: b\nreaper: {delay: 5s}\nwins: time\n");
    home.write("a/b.yaml", "policy: b\nextends: patient\nreaper: {retries: 7, delay: 1s}\n");

    Policy policy =
        home.library()
            .resolvePolicies(List.of(folder.resolve("a/a.yaml").toString()), n -> {})
            .get(0);

    assertThat(policy.about().lineage()).containsExactly("b", "patient", "linux-4.17");
    assertThat(policy.about().wins()).isEqualTo("time");
    assertThat(policy.get(Knobs.REAPER_DELAY)).isEqualTo(5 * Span.SECOND);
    assertThat(policy.origin(Knobs.REAPER_DELAY)).isEqualTo("a");
    assertThat(policy.get(Knobs.REAPER_RETRIES)).isEqualTo(7);
    assertThat(policy.origin(Knobs.REAPER_RETRIES)).isEqualTo("b");
    assertThat(policy.origin(Knobs.PANIC_ON_OOM)).isEqualTo("linux-4.17");
  }

  @Test
  void refusesTwoShippedFilesOfOneName() {
    home.write("policies/other/patient.yaml", "policy: patient\nextends: linux-4.17\n");

    assertThat(home.problemsOf(() -> policies(home.library(), "patient")))
        .contains("there is another policy called patient, in policies/other/patient.yaml");
  }

  @Test
  void findsCostsByNameAndByPathFromTheWorkload() throws Exception {
    home.write(
        "mine/slow.yaml", Home.costs("slow").replace("pass: {value: 1us", "pass: {value: 9ms"));
    home.write("mine/w.yaml", Home.workload("w", "costs: slow.yaml\n"));
    Library library = home.library();

    Workload workload =
        library.resolveWorkloads(List.of(folder.resolve("mine/w.yaml").toString()), n -> {}).get(0);

    assertThat(library.costs(workload.costsName()).pass())
        .isEqualTo(new Constant(9 * Span.MILLISECOND));
    assertThat(library.costs("reference").name()).isEqualTo("reference");
    assertThat(home.problemsOf(() -> library.costs("refrence")))
        .isEqualTo("refrence: no costs of this name; did you mean reference?");
  }

  @Test
  void survivesAHomeWithoutAnything() throws Exception {
    Library library = Library.open(Files.createDirectory(folder.resolve("nothing")));

    assertThat(library.policies()).isEmpty();
    assertThat(home.problemsOf(() -> policies(library, "linux-4.17")))
        .isEqualTo("linux-4.17: no policy of this name");
  }

  @Test
  void everythingPackedWithTheProgramCanBeRead() {
    Library library = Library.open(null);

    assertThat(policies(library, names(library.policies()))).hasSameSizeAs(library.policies());
    assertThat(workloads(library, names(library.workloads()))).hasSameSizeAs(library.workloads());
    for (Entry entry : library.costs()) {
      assertThat(library.costs(entry.name()).name()).isEqualTo(entry.name());
    }
  }

  private static String[] names(List<Entry> entries) {
    return entries.stream().map(Entry::name).toArray(String[]::new);
  }

  @Test
  void aCostFileThatExtendsAnotherSaysOnlyWhatIsDifferent() {
    home.write(
        "workloads/costs/spins.yaml",
        Home.costs("spins")
            .replace(
                "page_table_contention: off",
                "page_table_contention: {under_lock: 0.5, visit: 1us, bounce: 2us, freeing: 0}"));
    home.write(
        "workloads/costs/slow.yaml",
        "costs: slow\nextends: spins\npass: 9ms\npage_table_contention: {visit: 3us}\n");
    home.write("workloads/costs/slower.yaml", "costs: slower\nextends: slow\nunmap: 4us\n");

    Costs slower = home.library().costs("slower");

    assertThat(slower.name()).isEqualTo("slower");
    assertThat(slower.fault()).isEqualTo(new Constant(Span.MICROSECOND));
    assertThat(slower.pass()).isEqualTo(new Constant(9 * Span.MILLISECOND));
    assertThat(slower.unmap()).isEqualTo(new Constant(4 * Span.MICROSECOND));
    assertThat(slower.pageTableContention())
        .isEqualTo(
            new PageTableContention(
                0.5, new Constant(3 * Span.MICROSECOND), new Constant(2 * Span.MICROSECOND), 0));
  }

  @Test
  void costFilesDoNotExtendEachOther() {
    home.write("workloads/costs/a.yaml", "costs: a\nextends: b\n");
    home.write("workloads/costs/b.yaml", "costs: b\nextends: a\n");
    home.write("workloads/costs/c.yaml", "costs: c\nextends: referense\n");
    assertThat(home.problemsOf(() -> home.library().costs("a")))
        .isEqualTo("workloads/costs/b.yaml:2:10: extends: a extends this file");
    assertThat(home.problemsOf(() -> home.library().costs("c")))
        .isEqualTo(
            "workloads/costs/c.yaml:2:10: extends: no costs 'referense'; did you mean reference?");
  }
}
