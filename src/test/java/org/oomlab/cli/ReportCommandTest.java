package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oomlab.cli.session.ExitCodes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class ReportCommandTest {
  private static final String LOG = "src/test/resources/oom-reports/6.1-growth.log";

  @TempDir Path folder;

  private static String report(String words) {
    List<String> all = new ArrayList<>(List.of("report"));
    all.addAll(Arrays.asList(words.split(" ")));
    Cli.Result result = Cli.run(all.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  private static String refused(String... words) {
    Cli.Result result = Cli.run(words);
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.out()).isEmpty();
    return result.err();
  }

  private static String text(String page) {
    return page.replaceAll("<[^>]*>", "").replace("&lt;", "<");
  }

  @Test
  void theAnswerIsASentenceWithItsInterval() {
    String page =
        report(
            "mlocked-all -p linux-4.17,linux-5.18,rientjes-reap-timeout-2018 -r 12 --no-sensitivity");
    assertThat(text(page))
        .contains(
            "Every process that may be killed has locked all of its memory. Do linux-5.18 and",
            "0 of 12 episodes end in a panic under linux-5.18, 12 under linux-4.17: 100 percentage"
                + " points less (95% interval: ",
            "; linux-5.18 is also better by kills,",
            "; rientjes-reap-timeout-2018 is also better by kills, extra kills @1s, extra kills @10s and"
                + " work lost, but worse by stall.");
  }

  @Test
  void onePolicyAloneIsToldOf() {
    assertThat(text(report("mlocked-all -p linux-5.18 -r 12 --no-sensitivity")))
        .contains("What happens under linux-5.18?")
        .contains("Under linux-5.18, 12 recover of 12 episodes (95% interval of the share: ")
        .contains("memory is back after ", "1 kill an episode, all of them needed.")
        .doesNotContain("How sure that is");
  }

  @Test
  void whatIsTheSameIsNoDifference() {
    assertThat(text(report("mlocked-all -p linux-5.18,again=linux-5.18 -r 6 --no-sensitivity")))
        .contains("again and linux-5.18 do the same in each of 6 episodes.")
        .contains("linux-5.18 and again are the same to the end");
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    String page = report("mlocked-all -p linux-4.17,linux-5.18 -r 6 --no-sensitivity");
    String own =
        page.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "");
    assertThat(own)
        .contains("Content-Security-Policy", "default-src 'none'")
        .doesNotContain("http:", "https:", "<script", "<link", "<img", " src=", "@import");
    Matcher links = Pattern.compile("(href=\"|url\\()(.)").matcher(own);
    while (links.find()) {
      assertThat(links.group(2)).isEqualTo("#");
    }
  }

  @Test
  void thePageIsWellFormedAndEachNameInItIsOne()
      throws ParserConfigurationException, IOException, SAXException {
    String page =
        report("mlocked-all mmap-lock-held -p linux-4.17,linux-5.18 -r 6 --no-sensitivity");
    String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"));
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(body)));
    List<String> names = new ArrayList<>();
    Matcher ids = Pattern.compile(" id=\"([^\"]*)\"").matcher(body);
    while (ids.find()) {
      names.add(ids.group(1));
    }
    assertThat(names).doesNotHaveDuplicates().contains("s1", "s2");
  }

  @Test
  void eachPolicyHasATypicalEpisodeAndTheWorst() {
    String page = report("mlocked-all -p linux-4.17,linux-5.18 -r 20 --no-sensitivity");
    Cli.Result rows =
        Cli.run("run", "mlocked-all", "-p", "linux-5.18", "-r", "20", "--each", "--format", "csv");
    double worst =
        rows.out()
            .lines()
            .skip(1)
            .mapToDouble(row -> Double.parseDouble(row.split(",")[7]))
            .max()
            .orElseThrow();
    String drawn = Pattern.quote(String.format(Locale.ROOT, "%.2fms", worst));
    assertThat(page)
        .containsPattern("linux-5.18, typical, seed \\d+: recovered, 1 kill, memory is back ")
        .containsPattern(
            "linux-5.18, the worst, seed \\d+: recovered, 1 kill, memory is back " + drawn)
        .containsPattern("linux-4.17, (typical, )?seed \\d+: panic, 4 kills, 3 of them not needed")
        .contains("they part:", "mlocked-all, seed ");
  }

  @Test
  void guessesAreToldAndWhetherTheAnswerHangsOnThem() {
    String page = text(report("mlocked-all -p linux-4.17,linux-5.18 -r 12 --set costs.pass=1ms"));
    assertThat(page)
        .contains("Which costs are guesses, and what hangs on them")
        .contains(
            " points within these ranges, measured by panic, linux-5.18 had less than linux-4.17 at ")
        .contains("guess: one formatted line");
    assertThat(page).as("what is set is no guess").doesNotContain("with writeback to wait");
    assertThat(report("one-second-is-too-short -p linux-6.18 -r 1"))
        .as("a cost file without ranges")
        .contains("What hangs on these costs was not looked at")
        .contains("<blockquote>a timeout of one second by default prevents unnecessary kills");
  }

  @Test
  void whatIsNotModelledMattersWhereItIsMet() {
    assertThat(mattering("memcg-group"))
        .contains("kernel memory charged to cgroups", "order within");
    assertThat(mattering("mlocked-all")).doesNotContain("kernel memory charged", "order within");
  }

  private static String mattering(String workload) {
    String page = report(workload + " -p linux-6.18 -r 1 --no-sensitivity");
    return page.substring(page.indexOf("<dl>"), page.indexOf("</dl>"));
  }

  @Test
  void severalSituationsHaveAnOverview() {
    String page =
        text(report("mlocked-all mmap-lock-held -p linux-4.17,linux-5.18 -r 12 --no-sensitivity"));
    assertThat(page)
        .contains("linux-5.18 does better than linux-4.17 in 1 of 2 situations, worse in 1.")
        .contains("in how many workloads")
        .contains("Recovery takes ");
  }

  @Test
  void aLogIsDiagnosedAndRunUnderItsKernelAndTheNewest() {
    String page = report("--from-log " + LOG + " -r 2 --no-sensitivity");
    assertThat(page)
        .contains("incident 1: 812.400113", "What the log tells")
        .contains("6.1-growth under linux-6.1 and linux-7.2", "exporter");
    String named = report(LOG + " -r 2 --no-sensitivity");
    assertThat(named.replace("report " + LOG, "report --from-log " + LOG).lines().toList())
        .filteredOn(line -> !line.contains("src/test") && !line.startsWith("    \""))
        .isEqualTo(
            page.lines()
                .filter(line -> !line.contains("src/test") && !line.startsWith("    \""))
                .toList());
  }

  @Test
  void aLogThatTellsTooLittleIsOnlyDiagnosed() {
    assertThat(report("src/test/resources/oom-reports/one-liners.log"))
        .contains("The log does not tell enough to simulate it.", "incident 1");
  }

  @Test
  void theSameIsWrittenInAnyLocaleAndTimeZone() {
    String words = "mlocked-all -p linux-4.17,linux-5.18 -r 3";
    String here = report(words);
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      assertThat(report(words)).isEqualTo(here);
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void whatCannotBeReportedOnIsRefused() throws IOException {
    assertThat(refused("report")).contains("on what?");
    assertThat(refused("report", "no-such-workload")).contains("no-such-workload");
    Path empty = Files.writeString(folder.resolve("empty.log"), "");
    assertThat(refused("report", empty.toString())).contains("is empty");
    Path quiet = Files.writeString(folder.resolve("quiet.log"), "all is well\n");
    assertThat(refused("report", "--from-log", quiet.toString()))
        .contains("no OOM event in 1 line", "ends in .yaml");
    assertThat(refused("report", "--from-log", folder + "/none")).contains("cannot be read");
  }

  @Test
  void theManifestIsInThePageAndBesideItIfAskedFor() throws IOException {
    Path meta = folder.resolve("meta.json");
    String page = report("mlocked-all -p linux-5.18 -r 1 --no-sensitivity --meta " + meta);
    assertThat(text(page.replace("&quot;", "\""))).contains(Files.readString(meta).strip());
  }
}
