package org.oomlab.cli.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Position;
import org.oomlab.unit.SeedRange;
import org.oomlab.workload.Claim.Expectation;
import org.oomlab.workload.Costs;
import org.oomlab.workload.Step;
import org.oomlab.yaml.tree.YamlText;

/**
 * Everything a workload or a cost file says, after defaults have been filled in, as paths and
 * values. It walks the records themselves, so that what is added to them is shown without a line
 * here.
 */
public final class Properties {
  /** Components that are times; other amounts are pages. */
  private static final Set<String> TIMES =
      Set.of("time", "start", "aio", "exe", "horizon", "workUnit", "checkpoint");

  /** Components that are neither times nor pages. */
  private static final Set<String> COUNTS =
      Set.of(
          "count",
          "cpus",
          "hz",
          "watermarkScaleFactor",
          "oomScoreAdj",
          "areas",
          "times",
          "probability");

  private final List<List<String>> rows = new ArrayList<>();

  private Properties() {}

  /** Rows of a path and a value each. What is absent, empty or false has no row. */
  public static List<List<String>> of(Record document) {
    Properties properties = new Properties();
    properties.walk("", document);
    return properties.rows;
  }

  private void walk(String prefix, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = get(record, component);
      String path = prefix + YamlText.key(component.getName());
      if (value == null || value.equals(false) || isUnset(component.getName(), value)) {
        continue;
      }
      if (value instanceof List<?> list) {
        list(path, list);
      } else if (value instanceof Record nested && !isScalar(value)) {
        walk(path + ".", nested);
      } else {
        rows.add(List.of(path, text(component.getName(), value, record instanceof Costs)));
      }
    }
  }

  private void list(String path, List<?> list) {
    if (list.isEmpty()) {
      return;
    }
    if (list.get(0) instanceof Step) {
      for (int i = 0; i < list.size(); i++) {
        rows.add(List.of(path + "[" + i + "]", step((Step) list.get(i))));
      }
    } else if (list.get(0) instanceof Expectation) {
      String prefix = path.substring(0, path.lastIndexOf('.') + 1);
      for (Object item : list) {
        Expectation expectation = (Expectation) item;
        rows.add(List.of(prefix + expectation.metric(), expectation.text()));
      }
    } else if (list.get(0) instanceof Record) {
      for (int i = 0; i < list.size(); i++) {
        walk(path + "[" + i + "].", (Record) list.get(i));
      }
    } else {
      rows.add(List.of(path, list.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    }
  }

  /** A step as a workload file would say it. */
  static String step(Step step) {
    RecordComponent[] components = step.getClass().getRecordComponents();
    List<String> parts = new ArrayList<>();
    for (RecordComponent component : components) {
      Object value = get((Record) step, component);
      if (value instanceof List<?> steps) {
        String inner = steps.stream().map(s -> step((Step) s)).collect(Collectors.joining(", "));
        parts.add("steps: [" + inner + "]");
      } else if (value != null) {
        parts.add(
            YamlText.key(component.getName()) + ": " + text(component.getName(), value, false));
      }
    }
    String arguments =
        components.length == 1
            ? parts.get(0).substring(parts.get(0).indexOf(' ') + 1)
            : parts.isEmpty() ? "" : "{" + String.join(", ", parts) + "}";
    return (YamlText.key(step.getClass().getSimpleName()) + ": " + arguments).strip();
  }

  private static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  /** Whether a record is one value rather than a group of them. */
  private static boolean isScalar(Object value) {
    return value instanceof Quantity || value instanceof Position || value instanceof SeedRange;
  }

  /** Whether a number says that the kernel decides. */
  private static boolean isUnset(String name, Object value) {
    boolean minusOne = value.equals(-1L) || value.equals(-1);
    return minusOne && !name.equals("oomScoreAdj") && !name.equals("times");
  }

  private static String text(String name, Object value, boolean isCost) {
    boolean time = isCost || TIMES.contains(name);
    if (value instanceof Quantity quantity) {
      return quantity(quantity, time);
    }
    if (value instanceof Number number && !COUNTS.contains(name)) {
      return YamlText.amount(number.longValue(), time);
    }
    if (name.equals("times") && value.equals(-1L)) {
      return "forever";
    }
    if (value instanceof Enum<?> constant) {
      return YamlText.word(constant);
    }
    return String.valueOf(value);
  }

  /** As in a file, but a range in the shorter of the two forms there are. */
  private static String quantity(Quantity quantity, boolean time) {
    if (quantity instanceof Quantity.Uniform it) {
      return YamlText.amount(it.low(), time) + ".." + YamlText.amount(it.high(), time);
    }
    return YamlText.quantity(quantity, time);
  }
}
