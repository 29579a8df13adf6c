package org.oomlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pages as a browser shows them; run by {@code mvn -Pbrowser test}. Pictures are compared with
 * those in src/test/resources/browser, which {@code -Doomlab.browser=write} writes.
 */
class BrowserTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path EXPECTED = Path.of("src/test/resources/browser");

  /** Between versions of a browser the edges of letters differ. */
  private static final double MOST_OTHER = 0.03;

  private static final int VISIBLE = 48;

  @TempDir static Path folder;
  private static @Nullable Browser browser;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    assumeTrue(System.getProperty("oomlab.browser") != null, "mvn -Pbrowser test runs this");
    assumeTrue(Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM + " to look with");
    browser = new Browser(CHROMIUM, Files.createDirectory(folder.resolve("profile")));
    write("report.html", "report", "mlocked-all", "-p", "linux-4.17,linux-5.18", "-r", "20");
    write(
        "timeline.html",
        ("timeline mlocked-all -p linux-4.19,linux-5.18 --seed 3 --format html").split(" "));
  }

  private static void write(String name, String... words) {
    Cli.Result page = Cli.run(words);
    assertThat(page.code()).as(page.err()).isZero();
    try {
      Files.writeString(folder.resolve(name), page.out());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Browser browser() {
    assert browser != null;
    return browser;
  }

  private static void looks(String page, String as, int width, int height, boolean dark)
      throws IOException, InterruptedException {
    browser().show(folder.resolve(page), width, height, dark);
    BufferedImage seen = browser().picture();
    isQuiet();
    Path expected = EXPECTED.resolve(as + ".png");
    if ("write".equals(System.getProperty("oomlab.browser"))) {
      Files.createDirectories(EXPECTED);
      ImageIO.write(seen, "png", expected.toFile());
    }
    Path actual = Path.of("target", "browser", as + ".png");
    Files.createDirectories(actual.getParent());
    ImageIO.write(seen, "png", actual.toFile());
    assertThat(otherDots(seen, ImageIO.read(expected.toFile())))
        .as("%s does not look like %s any more", actual, expected)
        .isLessThan(MOST_OTHER);
  }

  /** Nothing to complain of, and nothing asked for but the page itself. */
  private static void isQuiet() {
    assertThat(browser().complaints()).isEmpty();
    assertThat(browser().requests()).hasSize(1).allMatch(url -> url.startsWith("file:"));
  }

  /** The share of dots whose colour is visibly another. */
  private static double otherDots(BufferedImage a, BufferedImage b) {
    assertThat(a.getWidth()).isEqualTo(b.getWidth());
    assertThat(a.getHeight()).isEqualTo(b.getHeight());
    long other = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        int one = a.getRGB(x, y);
        int two = b.getRGB(x, y);
        int most = 0;
        for (int shift = 0; shift < 24; shift += 8) {
          most = Math.max(most, Math.abs((one >> shift & 0xff) - (two >> shift & 0xff)));
        }
        other += most > VISIBLE ? 1 : 0;
      }
    }
    return (double) other / a.getWidth() / a.getHeight();
  }

  @Test
  void aReportIsReadableInTheLightAndInTheDarkAndOnAPhone()
      throws IOException, InterruptedException {
    looks("report.html", "report-light", 1000, 1400, false);
    looks("report.html", "report-dark", 1000, 1400, true);
    looks("report.html", "report-phone", 390, 844, false);
    assertThat(browser().value("document.documentElement.scrollWidth"))
        .as("only tables and pictures are moved sideways")
        .isEqualTo("390");
  }

  @Test
  void aTimelineIsPointedAtAndZoomedInto() throws IOException, InterruptedException {
    looks("timeline.html", "timeline-light", 1000, 700, false);
    String before = browser().value("document.getElementById('say').textContent");
    browser().point(500, 300);
    String pointedAt = browser().value("document.getElementById('say').textContent");
    assertThat(pointedAt).isNotEqualTo(before).containsPattern("[+-][0-9.]+(ns|us|ms|s)");
    String whole = axis();
    click("in");
    assertThat(axis()).isNotEqualTo(whole);
    click("all");
    assertThat(axis()).isEqualTo(whole);
    click("linear");
    assertThat(axis()).isNotEqualTo(whole);
    isQuiet();
  }

  private static void click(String id) throws IOException, InterruptedException {
    browser().value("document.getElementById('" + id + "').click()");
  }

  /** The times at the axis, and whatever else is written there. */
  private static String axis() throws IOException, InterruptedException {
    return browser()
        .value("[...document.querySelectorAll('#chart text')].map(t => t.textContent).join()");
  }
}
