package org.oomlab.yaml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.workload.Step;

/** Writes steps and quantities, each on one line. */
final class StepWriter {
  /** Components of steps that are times; other amounts are pages. */
  private static final Set<String> TIMES = Set.of("time");

  private StepWriter() {}

  /** A map as a flow: its values are YAML already. */
  static String mapping(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static String sequence(List<String> items) {
    return "[" + String.join(", ", items) + "]";
  }

  /** A program, as one line. */
  static String steps(List<Step> steps) {
    return sequence(steps.stream().map(step -> "{" + step(step) + "}").toList());
  }

  /** A step: the name of its record, and the only component or a map of all. */
  private static String step(Step step) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (RecordComponent component : step.getClass().getRecordComponents()) {
      Object value = get(step, component);
      if (value != null && value != Step.Gfp.KERNEL) {
        arguments.put(key(component.getName()), argument(component.getName(), value));
      }
    }
    String key = key(step.getClass().getSimpleName());
    boolean single = arguments.size() == 1;
    return key + ": " + (single ? arguments.values().iterator().next() : mapping(arguments));
  }

  private static @Nullable Object get(Step step, RecordComponent component) {
    try {
      return component.getAccessor().invoke(step);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private static String argument(String name, Object value) {
    if (value instanceof List<?> list) {
      return steps(list.stream().map(Step.class::cast).toList());
    }
    if (value instanceof Quantity quantity) {
      return text(quantity, TIMES.contains(name));
    }
    if (value instanceof Enum<?> constant) {
      return word(constant);
    }
    if (value instanceof String text) {
      return PolicyWriter.quote(text);
    }
    return value.equals(-1L) ? "forever" : String.valueOf(value);
  }

  private static String key(String javaName) {
    return javaName.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static String text(Quantity quantity, boolean time) {
    if (quantity instanceof Quantity.Constant it) {
      return amount(it.value(), time);
    }
    if (quantity instanceof Quantity.Uniform it) {
      return "{uniform: [" + amount(it.low(), time) + ", " + amount(it.high(), time) + "]}";
    }
    if (quantity instanceof Quantity.LogUniform it) {
      return "{log_uniform: [" + amount(it.low(), time) + ", " + amount(it.high(), time) + "]}";
    }
    if (quantity instanceof Quantity.Exponential it) {
      return "{exponential: " + amount(it.mean(), time) + "}";
    }
    if (quantity instanceof Quantity.Normal it) {
      return "{normal: [" + amount(it.mean(), time) + ", " + amount(it.deviation(), time) + "]}";
    }
    Quantity.LogNormal it = (Quantity.LogNormal) quantity;
    return "{log_normal: [" + amount(it.median(), time) + ", " + it.factor() + "]}";
  }

  private static String amount(long value, boolean time) {
    if (time) {
      return Span.format(value);
    }
    return value >= Span.FOREVER ? "all" : Bytes.format(value);
  }
}
