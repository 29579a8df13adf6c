package org.oomlab.picture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.oomlab.output.Printable;

/** Pages of HTML that need nothing from elsewhere and ask nobody for anything. */
final class Html {
  private Html() {}

  /** Text in a page; what is not printable arrives as escapes. */
  static String text(String plain) {
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
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta name=\"color-scheme\" content=\"light dark\">\n"
        // A browser then would not even if it were asked to.
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
        + " 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n<title>"
        + text(title)
        + "</title>\n<style>\n"
        + resource("page.css")
        + "</style>\n</head>\n<body>\n"
        + body
        + "</body>\n</html>\n";
  }

  /** A picture in a page. */
  static String figure(String svg, String caption) {
    return "<figure>\n"
        + svg.replaceFirst("<svg ", "<svg class=\"picture\" role=\"img\" ")
        + "<figcaption>"
        + text(caption)
        + "</figcaption>\n</figure>\n";
  }

  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream("/oomlab/picture/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
