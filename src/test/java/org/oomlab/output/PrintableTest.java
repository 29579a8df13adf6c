package org.oomlab.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
  @ParameterizedTest
  @CsvSource({
    "0007, a bell",
    "0008, a backspace",
    "001b, an escape",
    "007f, a delete",
    "009b, a control sequence of eight bits",
    "009d, an operating system command of eight bits",
    "00ad, a hyphen that is not there",
    "061c, an Arabic letter mark",
    "200b, a space of no width",
    "200d, a joiner",
    "2028, a line separator",
    "202e, an override of the direction",
    "2066, an isolate",
    "3164, a filler",
    "d800, half a character",
    "feff, a byte order mark",
    "fdd0, a noncharacter",
    "ffff, another"
  })
  void whatATerminalWouldObeyIsShownAsAnEscape(String code, String what) {
    String text = "a" + (char) Integer.parseInt(code, 16) + "b";
    assertThat(Printable.line(text)).as(what).isEqualTo("a\\u" + code + "b");
    assertThat(Printable.text(text)).as(what).isEqualTo("a\\u" + code + "b");
  }

  @Test
  void aCharacterOfTwoHalvesIsShownAsBoth() {
    String tag = Character.toString(0xe0041);
    assertThat(Printable.line(tag)).isEqualTo("\\udb40\\udc41");
  }

  @Test
  void whatCanBeReadStaysAsItIs() {
    String text = "größe ² ± … 日本語 עברית 😀 \u00a0";
    assertThat(Printable.line(text)).isEqualTo(text);
  }

  @Test
  void aNameCannotBeginALine() {
    assertThat(Printable.line("a\nb\tc\r")).isEqualTo("a\\u000ab\\u0009c\\u000d");
    assertThat(Printable.field("a\nb")).isEqualTo("a\\u000ab");
    assertThat(Printable.text("a\nb")).isEqualTo("a\nb");
  }

  @Test
  void whatIsAbsurdlyLongIsShortenedInTheMiddle() {
    String shown = Printable.line("begin" + "x".repeat(1_000_000) + ": no such file");
    assertThat(shown).hasSizeLessThan(1100).startsWith("beginxxx").endsWith("x: no such file");
    assertThat(shown).contains(" characters ...] ");
    assertThat(Printable.line("x".repeat(1000))).hasSize(1000);
    assertThat(Printable.line("😀".repeat(10_000)).codePoints())
        .noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }

  @Property
  void aWriterMakesTheSameOfPiecesAsOfTheWhole(@ForAll String text, @ForAll int cut)
      throws IOException {
    StringWriter to = new StringWriter();
    int at = text.isEmpty() ? 0 : Math.floorMod(cut, text.length());
    try (PrintableWriter writer = new PrintableWriter(to)) {
      writer.write(text.toCharArray(), 0, at);
      writer.write(text.substring(at));
      writer.write('x');
    }
    assertThat(to.toString()).isEqualTo(Printable.text(text + "x"));
  }

  @Test
  void onlyColoursPassAndOnlyWhereTheyAreWanted() throws IOException {
    String red = "\u001b[31mred\u001b[0m";
    for (boolean wanted : new boolean[] {true, false}) {
      StringWriter to = new StringWriter();
      try (PrintableWriter writer = new PrintableWriter(to)) {
        writer.colour(wanted);
        writer.write(red + "\u001b[2J\u001b]0;title\u0007");
      }
      assertThat(to.toString())
          .isEqualTo((wanted ? red : Printable.text(red)) + "\\u001b[2J\\u001b]0;title\\u0007");
    }
  }
}
