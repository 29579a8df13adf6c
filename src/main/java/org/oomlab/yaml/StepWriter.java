package org.oomlab.yaml;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.workload.Step;
import org.oomlab.yaml.tree.YamlText;

/** Writes what threads do, each step on one line. */
final class StepWriter {
  /** Components of steps that are times; other amounts are pages. */
  private static final Set<String> TIMES = Set.of("time");

  private StepWriter() {}

  /** A program, as one line. */
  static String steps(List<Step> steps) {
    return YamlText.sequence(steps.stream().map(step -> "{" + step(step) + "}").toList());
  }

  /** A step: the name of its record, and the only component or a map of all. */
  private static String step(Step step) {
    Map<String, String> arguments = new LinkedHashMap<>();
    for (RecordComponent component : step.getClass().getRecordComponents()) {
      Object value = get(step, component);
      if (value != null && value != Step.Gfp.KERNEL) {
        arguments.put(YamlText.key(component.getName()), argument(component.getName(), value));
      }
    }
    String key = YamlText.key(step.getClass().getSimpleName());
    boolean single = arguments.size() == 1;
    return key
        + ": "
        + (single ? arguments.values().iterator().next() : YamlText.mapping(arguments));
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
      return YamlText.quantity(quantity, TIMES.contains(name));
    }
    if (value instanceof Enum<?> constant) {
      return YamlText.word(constant);
    }
    if (value instanceof String text) {
      return YamlText.quote(text);
    }
    return value.equals(-1L) ? "forever" : String.valueOf(value);
  }
}
