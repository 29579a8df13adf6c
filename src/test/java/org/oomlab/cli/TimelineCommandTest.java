package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.oomlab.cli.session.ExitCodes;

class TimelineCommandTest {
  private static final String[] BOTH = {"-p", "linux-4.19,linux-5.18", "--seed", "3"};

  private static Cli.Result run(String... words) {
    return Cli.run(words);
  }

  private static String[] line(String command, String... more) {
    String[] words = new String[2 + BOTH.length + more.length];
    words[0] = command;
    words[1] = "mlocked-all";
    System.arraycopy(BOTH, 0, words, 2, BOTH.length);
    System.arraycopy(more, 0, words, 2 + BOTH.length, more.length);
    return words;
  }

  @Test
  void policiesAreOneUnderTheOtherAndItIsSaidWhereTheyPart() {
    assertThat(run(line("timeline", "--ascii")).out().lines())
        .contains(
            "mlocked-all, seed 3",
            "linux-4.19  panic: System is deadlocked on memory",
            "linux-5.18  recovered",
            "  in linux-4.19: +174.512us, db[2] is handed to the reaper",
            "  in linux-5.18: +231.209us, db[2] begins to exit")
        .anyMatch(line -> line.strip().equals("^ they part, +174.512us"))
        .anyMatch(line -> line.matches("db\\[2\\] +=+Ke+Su+P"))
        .anyMatch(line -> line.matches("agent +O.*V.*\\|"));
  }

  @Test
  void diffTellsWhatFollows() {
    String out = run(line("diff")).out();
    assertThat(out.lines())
        .contains(
            "they part:", "recovery         never                                  2.289374ms")
        .anyMatch(line -> line.strip().equals("^ they part, +174.512us"));
    // The debugger says the same of a branch in which the knob was set; see DebugCommandTest.
  }

  @Test
  void samePoliciesNeverPart() {
    assertThat(
            run("diff", "m01-runnable-victim", "-p", "linux-6.18,again=linux-6.18").out().lines())
        .contains("linux-6.18 and again are the same to the end");
  }

  @Test
  void aPartOfTheTimeIsShownAndSomeOfTheLanes() {
    String out = run(line("timeline", "--from", "1ms", "--to", "+2ms", "--only", "db")).out();
    assertThat(out).contains("db[0]", "db[3]", "+1ms").doesNotContain("agent", "+3");
    String around = run(line("timeline", "--around", "kill", "4", "--only=agent,db[3]")).out();
    assertThat(around).contains("agent", "db[3]").doesNotContain("db[0]  ");
  }

  @Test
  void whatIsNotThereIsSaid() {
    refused(
        "--only agen: there is no such task, process or lock; did you mean agent?",
        "--only",
        "agen");
    refused("--around kill 9: there are 4 of that kind", "--around", "kill", "9");
    refused("--around kil 1: there is no such moment; did you mean kill?", "--around", "kil", "1");
    refused("expected a moment and a number", "--around", "kill", "0");
    refused("--from 1h: the episode ends before", "--from", "1h");
    refused("--to 1ms: that is not after the beginning", "--from", "2ms", "--to", "1ms");
    refused("expected a duration with its unit", "--to", "5");
    refused("--around: cannot be combined", "--around", "kill", "1", "--to", "5ms");
  }

  private static void refused(String why, String... more) {
    Cli.Result result = run(line("timeline", more));
    assertThat(result.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(result.err()).contains(why);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void onlyOneWorkloadAndTwoPoliciesCanBeToldApart() {
    assertThat(run("diff", "mlocked-all", "-p", "linux-6.18").err()).contains("two policies");
    assertThat(run("timeline", "mlocked").err()).contains("not a family");
    assertThat(run("timeline", "mlocked-all", "--seed", "1..2").err()).contains("one episode");
  }

  @Test
  void picturesAreTheSameInEveryLocale() {
    for (String format : new String[] {"svg", "html"}) {
      String here = run(line("timeline", "--format", format)).out();
      Locale before = Locale.getDefault();
      try {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        assertThat(run(line("timeline", "--format", format)).out()).isEqualTo(here);
      } finally {
        Locale.setDefault(before);
      }
    }
  }

  @Test
  void aPageAsksNobodyForAnything() {
    String page = run(line("timeline", "--format", "html")).out();
    assertThat(page)
        .contains("default-src 'none'", "db[2] is killed: badness 235548, 8.00MiB free")
        .doesNotContain("src=", "href=", "@import", "url(");
    assertThat(page.replace("http://www.w3.org/", "")).doesNotContain("http:", "https:");
  }

  @Test
  void aNameIsNothingThatAPageWouldObey() {
    String page =
        run("timeline", "m01-runnable-victim", "-p", "</script><b>x=linux-6.18", "--format", "html")
            .out();
    assertThat(page).doesNotContain("</script><b>").contains("&lt;/script&gt;&lt;b&gt;x");
  }

  @Test
  void aPngIsOne() {
    Cli.Result result = run(line("timeline", "--format", "png"));
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("PNG", "IHDR", "IEND");
  }
}
