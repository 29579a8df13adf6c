package org.oomlab.picture;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.oomlab.timeline.State;

/** Colours that everybody can tell apart, after Okabe and Ito; and they never stand alone. */
final class Palette {
  static final Color INK = new Color(0x222222);
  static final Color FAINT = new Color(0x999999);
  static final Color GRID = new Color(0xdddddd);
  static final Color BAD = new Color(0xb03a00);
  static final Color LEVEL = new Color(0x56b4e9);

  /** For series, in their order. */
  static final List<Color> SERIES =
      List.of(
          new Color(0x0072b2),
          new Color(0xd55e00),
          new Color(0x009e73),
          new Color(0xcc79a7),
          new Color(0xe69f00),
          new Color(0x56b4e9),
          new Color(0x666666),
          new Color(0xb8a800));

  private Palette() {}

  static Color series(int i) {
    return SERIES.get(i % SERIES.size());
  }

  static Color of(State state) {
    return new Color(
        switch (state) {
          case RUNS -> 0xa6d3f2;
          case ALLOCATES -> 0x4f9fd0;
          case WAITS_FOR_MEMORY -> 0xf0e442;
          case KILLS -> 0xe69f00;
          case WAITS_FOR_LOCK -> 0xcc79a7;
          case WAITS_FOR_FUTEX -> 0xe3b1cd;
          case SLEEPS -> 0xececec;
          case BLOCKED -> 0xb5b5b5;
          case FROZEN -> 0xd9e8ef;
          case RELEASES -> 0x1b7d5f;
          case EXITS -> 0x7fceb6;
          case UNMAPS -> 0x009e73;
          case DEAD, FREE -> 0xffffff;
          case HELD -> 0xc8c8c8;
          case CONTENDED -> 0xd98a4f;
          case BROKEN -> 0x222222;
        });
  }

  static String hex(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xffffff);
  }
}
