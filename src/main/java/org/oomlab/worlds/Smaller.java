package org.oomlab.worlds;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Access;
import org.oomlab.workload.CgroupSpec;
import org.oomlab.workload.MachineSpec;
import org.oomlab.workload.Paging;
import org.oomlab.workload.ProcessSpec;
import org.oomlab.workload.ProcessSpec.Freezer;
import org.oomlab.workload.SoftLimits;
import org.oomlab.workload.Step;
import org.oomlab.workload.ThreadSpec;
import org.oomlab.workload.VmaSpec;
import org.oomlab.workload.Watermarks;
import org.oomlab.workload.Workload;

/**
 * Everything a little smaller or plainer that a record of a workload can become in one place, the
 * largest steps first: without some items of a list, with a flag off, with what a file leaves out,
 * with a rounder number. It goes by the components of the records, so that it knows those that are
 * yet to come.
 */
final class Smaller {
  private static final Quantity NOTHING = new Quantity.Constant(0);

  private Smaller() {}

  /** Each is made when it is asked for. */
  static <R extends Record> List<Supplier<R>> of(R record) {
    List<Supplier<R>> smaller = new ArrayList<>();
    Record plain = plain(record);
    List<RecordComponent> components = Records.components(record);
    for (int i = 0; i < components.size(); i++) {
      int number = i;
      RecordComponent component = components.get(i);
      Object value = Records.get(record, component);
      Object usual = plain == null ? null : Records.get(plain, component);
      for (Supplier<?> each : of(component, value, usual, plain != null)) {
        smaller.add(() -> Records.with(record, number, each.get()));
      }
    }
    return smaller;
  }

  private static List<? extends Supplier<?>> of(
      RecordComponent component, @Nullable Object value, @Nullable Object usual, boolean hasUsual) {
    boolean below = value instanceof Record && !(value instanceof Quantity);
    if (value == null || (hasUsual && !below && value.equals(usual))) {
      return List.of();
    }
    boolean time = isTime(component);
    if (value instanceof List<?> list) {
      return list(list);
    } else if (value instanceof Quantity quantity) {
      return quantity(quantity, time);
    } else if (value instanceof Access) {
      return List.of(() -> null);
    } else if (value instanceof SoftLimits soft) {
      return soft.equals(SoftLimits.NONE) ? List.of() : List.of(() -> SoftLimits.NONE);
    } else if (value instanceof Paging paging && !paging.moves()) {
      return paging.psi() ? List.of(() -> Paging.NONE) : List.of();
    } else if (value instanceof Record record) {
      return of(record);
    }
    List<Supplier<?>> smaller = new ArrayList<>();
    if (hasUsual && !isName(component)) {
      smaller.add(() -> usual);
    }
    if (value instanceof String
        && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      smaller.add(() -> null);
    } else if (value instanceof Long number && number > 0) {
      for (long rounder : rounder(number, time)) {
        smaller.add(() -> rounder);
      }
    } else if (value instanceof Integer number && number > 2) {
      smaller.add(() -> number / 2);
      smaller.add(() -> number - 1);
    }
    return smaller;
  }

  private static boolean isName(RecordComponent component) {
    return component.getType() == String.class
        && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static boolean isTime(RecordComponent component) {
    return switch (component.getName()) {
      case "time", "start", "aio", "exe", "horizon", "workUnit", "checkpoint" -> true;
      default -> false;
    };
  }

  /** Without half of it, without a quarter, without each; then with each made smaller. */
  private static List<Supplier<List<?>>> list(List<?> list) {
    List<Supplier<List<?>>> smaller = new ArrayList<>();
    for (int length = list.size() / 2; length >= 1; length /= 2) {
      for (int from = 0; from + length <= list.size(); from += length) {
        int begin = from;
        int end = from + length;
        smaller.add(() -> without(list, begin, end));
      }
    }
    if (list.size() == 1) {
      smaller.add(List::of);
    }
    for (int i = 0; i < list.size(); i++) {
      int index = i;
      Object item = list.get(i);
      if (item instanceof Step.Repeat it) {
        smaller.add(() -> spliced(list, index, it.steps()));
      } else if (item instanceof Step.Chance it) {
        smaller.add(() -> spliced(list, index, it.steps()));
      }
      if (item instanceof Record record) {
        for (Supplier<? extends Record> each : of(record)) {
          smaller.add(() -> Records.<Object>with(new ArrayList<Object>(list), index, each.get()));
        }
      }
    }
    return smaller;
  }

  private static List<?> without(List<?> list, int begin, int end) {
    List<Object> left = new ArrayList<>(list.subList(0, begin));
    left.addAll(list.subList(end, list.size()));
    return left;
  }

  private static List<?> spliced(List<?> list, int index, List<Step> inside) {
    List<Object> spliced = new ArrayList<>(list.subList(0, index));
    spliced.addAll(inside);
    spliced.addAll(list.subList(index + 1, list.size()));
    return spliced;
  }

  private static List<Supplier<Quantity>> quantity(Quantity quantity, boolean time) {
    List<Supplier<Quantity>> smaller = new ArrayList<>();
    if (quantity instanceof Quantity.Constant constant) {
      for (long rounder : rounder(constant.value(), time)) {
        smaller.add(() -> new Quantity.Constant(rounder));
      }
      return smaller;
    }
    smaller.add(() -> NOTHING);
    for (long each : within(quantity)) {
      smaller.add(() -> new Quantity.Constant(each));
    }
    return smaller;
  }

  /** What stands for a distribution. */
  private static long[] within(Quantity quantity) {
    if (quantity instanceof Quantity.Uniform it) {
      return new long[] {it.low(), it.high(), (it.low() + it.high()) / 2};
    } else if (quantity instanceof Quantity.LogUniform it) {
      return new long[] {it.low(), it.high(), (it.low() + it.high()) / 2};
    } else if (quantity instanceof Quantity.Exponential it) {
      return new long[] {it.mean()};
    } else if (quantity instanceof Quantity.Normal it) {
      return new long[] {it.mean()};
    }
    return quantity instanceof Quantity.LogNormal it ? new long[] {it.median()} : new long[0];
  }

  /** Numbers that are shorter when written, or as long and smaller. */
  static List<Long> rounder(long number, boolean time) {
    List<Long> tries = new ArrayList<>(List.of(0L, 1L, time ? Span.MILLISECOND : 1L << 8));
    tries.add(time ? Span.SECOND : 1L << 18);
    for (int digits = 1; digits <= 3; digits++) {
      long unit = time ? decimal(number, digits) : binary(number, 3 * digits);
      tries.add(number / unit * unit);
      tries.add((number / unit + 1) * unit);
    }
    tries.add(number / 2);
    List<Long> rounder = new ArrayList<>();
    for (long each : tries) {
      int shorter = text(each, time).length() - text(number, time).length();
      boolean isRounder = shorter < 0 || (shorter == 0 && each < number);
      if (isRounder && !rounder.contains(each)) {
        rounder.add(each);
      }
    }
    return rounder;
  }

  private static String text(long number, boolean time) {
    return time ? Span.format(number) : Bytes.format(number);
  }

  /** The unit in which a number has so many digits. */
  private static long decimal(long number, int digits) {
    long unit = 1;
    long most = digits == 1 ? 10 : digits == 2 ? 100 : 1000;
    while (number / unit >= most) {
      unit *= 10;
    }
    return unit;
  }

  /** The unit in which a number has so many bits. */
  private static long binary(long number, int bits) {
    int length = 64 - Long.numberOfLeadingZeros(number);
    return 1L << Math.max(0, length - bits);
  }

  /** What a file need not say: a record of the same kind where nothing is said, or null. */
  private static @Nullable Record plain(Record record) {
    if (record instanceof ProcessSpec it) {
      return new ProcessSpec(
          it.name(),
          1,
          0,
          false,
          false,
          false,
          false,
          null,
          null,
          false,
          null,
          Freezer.NONE,
          NOTHING,
          List.of(),
          NOTHING,
          NOTHING,
          NOTHING,
          false,
          Span.SECOND,
          Span.FOREVER,
          0,
          List.of());
    } else if (record instanceof VmaSpec) {
      return new VmaSpec(
          null,
          VmaSpec.Kind.ANONYMOUS,
          NOTHING,
          false,
          VmaSpec.Notifier.NONE,
          false,
          false,
          false,
          -1,
          1);
    } else if (record instanceof ThreadSpec it) {
      return new ThreadSpec(it.name(), 1, null, List.of());
    } else if (record instanceof CgroupSpec it) {
      return new CgroupSpec(it.name(), null, Long.MAX_VALUE, false, false);
    } else if (record instanceof MachineSpec it) {
      Watermarks marks = Watermarks.above(Watermarks.defaultMin(it.memory()), it.memory(), 10);
      return new MachineSpec(
          it.memory(),
          -1,
          marks.min(),
          marks.low(),
          marks.high(),
          10,
          0,
          0,
          NOTHING,
          NOTHING,
          new Quantity.Constant(100 << 8),
          2,
          250);
    } else if (record instanceof Workload it) {
      return new Workload(
          it.name(),
          it.title(),
          it.source(),
          it.costsName(),
          300 * Span.SECOND,
          it.machine(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          null);
    }
    return null;
  }
}
