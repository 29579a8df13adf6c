package org.oomlab.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages texts: in bytes, in numbers, in words and in lines. */
final class Mutator {
  private static final String[] PIECES = {
    "\"",
    ",\"",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\r",
    "\t",
    "\\n",
    "\0",
    "\u001b[31m",
    "\u2028",
    "\u202e",
    "\ufeff",
    "*a",
    "&a ",
    "<<: ",
    "~",
    "null",
    "...",
    "..",
    "|",
    ";",
    "=",
    "%",
    "#",
    "-1",
    "0",
    "1e999",
    "99999999999999999999",
    "9223372036854775807",
    "4294967296KiB",
    "never",
    "all",
    "0s",
    "[    1.000000] ",
    "<4>",
    "kernel: ",
    "invoked oom-killer: ",
    "Killed process 1 (",
    "[  pid  ]   uid  tgid total_vm ",
    "MESSAGE=",
    "{\"log\":\"",
    "</p",
    "&lt;",
    "=3D",
    "=\n"
  };

  private final Random random;

  Mutator(long seed) {
    random = new Random(seed);
  }

  /** One of the texts with up to six things done to it. */
  byte[] mutant(List<byte[]> texts) {
    String text = latin(texts.get(random.nextInt(texts.size())));
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      text = changed(text, texts);
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String changed(String text, List<byte[]> texts) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(1 + random.nextInt(60)));
    String before = text.substring(0, at);
    String cut = text.substring(at, end);
    String after = text.substring(end);
    return switch (random.nextInt(9)) {
      case 0 -> before + after;
      case 1 -> before + cut + cut + after;
      case 2 -> before + piece() + after;
      case 3 -> before + piece() + cut + after;
      case 4 -> before + (char) random.nextInt(256) + after;
      case 5 -> number(text, at);
      case 6 -> lines(text);
      case 7 -> {
        String other = latin(texts.get(random.nextInt(texts.size())));
        int from = random.nextInt(other.length() + 1);
        yield before + other.substring(from, Math.min(other.length(), from + 200)) + after;
      }
      default -> before + cut.repeat(1 + random.nextInt(20)) + after;
    };
  }

  private String piece() {
    byte[] bytes = PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8);
    return latin(bytes);
  }

  /** Another number in place of the next one. */
  private String number(String text, int at) {
    int start = at;
    while (start < text.length() && !Character.isDigit(text.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    long value = random.nextLong() >>> random.nextInt(64);
    return text.substring(0, start) + value + text.substring(end);
  }

  /** A line lost, doubled, or moved. */
  private String lines(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    String line = lines.remove(at);
    for (int i = random.nextInt(3); i > 0; i--) {
      lines.add(random.nextInt(lines.size() + 1), line);
    }
    return String.join("\n", lines);
  }
}
