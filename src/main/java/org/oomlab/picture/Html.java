package org.oomlab.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import org.oomlab.output.Printable;

/** Pages of HTML that need nothing from elsewhere and ask nobody for anything. */
public final class Html {
  private Html() {}

  /** Text in a page; what is not printable arrives as escapes. */
  public static String text(String plain) {
    return Printable.text(plain)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * A page.
   *
   * @param title plain
   * @param body HTML
   */
  static String page(String title, String body) {
    return page(title, "", body);
  }

  /**
   * A page with rules of its own.
   *
   * @param style CSS
   */
  public static String page(String title, String style, String body) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"color-scheme\" content=\"light dark\">\n"
        // A browser then would not even if it were asked to.
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
        + " 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n<title>"
        + text(title)
        + "</title>\n<style>\n"
        + resource("page.css")
        + style
        + "</style>\n</head>\n<body>\n"
        + body
        + "</body>\n</html>\n";
  }

  /** A picture in a page, with what it shows below it. */
  public static String figure(String svg, String caption) {
    String said = "<figcaption>" + text(caption) + "</figcaption>\n";
    return "<figure>\n"
        + svg.replaceFirst(
            "<svg ",
            Matcher.quoteReplacement(
                "<svg class=\"picture\" role=\"img\" aria-label=\"" + text(caption) + "\" "))
        + (caption.isEmpty() ? "" : said)
        + "</figure>\n";
  }

  /** What lies beside the pictures' font: style sheets and scripts. */
  public static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream("/oomlab/picture/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
