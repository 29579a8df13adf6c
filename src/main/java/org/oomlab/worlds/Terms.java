package org.oomlab.worlds;

import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oomlab.engine.Quantity;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import org.oomlab.policy.Policy;
import org.oomlab.unit.Span;
import org.oomlab.workload.Costs;
import org.oomlab.workload.PageTableContention;

/** Changes policies and costs, to anything that their files may say. */
final class Terms {
  private final Draw draw;

  Terms(Draw draw) {
    this.draw = draw;
  }

  /** A policy with some knobs set otherwise. */
  Policy changed(Policy policy) {
    Policy changed = policy;
    int knobs = 1 + draw.below(draw.chance(0.1) ? 20 : 4);
    for (int i = 0; i < knobs; i++) {
      Knob knob = draw.of(Knobs.all());
      changed = changed.with(knob, value(knob), "fuzz");
    }
    return changed;
  }

  private long value(Knob knob) {
    return switch (knob.type()) {
      case FLAG, CHOICE -> draw.between(knob.least(), knob.most());
      case COUNT -> {
        long near = Math.min(knob.most(), knob.least() + draw.below(20));
        yield draw.of(knob.least(), knob.most(), near, draw.scaled(knob.least(), knob.most()));
      }
      case SPAN -> draw.chance(0.1) ? Span.FOREVER : draw.ns();
      case AMOUNT -> throw new IllegalStateException("a daemon's option among the kernel's knobs");
    };
  }

  /** Costs of which some are otherwise. */
  Costs changed(Costs costs) {
    Costs changed = costs;
    List<RecordComponent> components = Records.components(costs);
    int number = 1 + draw.below(4);
    for (int i = 0; i < number; i++) {
      RecordComponent component = draw.of(components);
      if (!component.getName().equals("name")) {
        changed = Records.with(changed, component.getName(), value(component));
      }
    }
    return changed;
  }

  private @Nullable Object value(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == boolean.class) {
      return draw.chance(0.5);
    } else if (type == int.class) {
      return (int) draw.scaled(1, 64); // The only number there is: processors.
    } else if (type == PageTableContention.class) {
      return draw.chance(0.3) ? null : contention();
    }
    return switch (component.getName()) {
      case "pass", "charge" -> pass();
      case "microsecond" -> microsecond();
      default -> cost();
    };
  }

  private PageTableContention contention() {
    return new PageTableContention(draw.below(11) / 10.0, cost(), cost(), draw.below(11) / 10.0);
  }

  private Quantity cost() {
    return draw.quantity(draw.scaled(0, draw.of(10L, 10_000L, Span.SECOND)), Span.SECOND * 60);
  }

  /** A pass of some time: a request may try for a minute, and that should not take one. */
  private Quantity pass() {
    long low = draw.scaled(Span.MILLISECOND / 2, 20 * Span.MILLISECOND);
    return draw.chance(0.5)
        ? new Quantity.Constant(low)
        : new Quantity.LogUniform(low, low + draw.scaled(0, 20 * Span.MILLISECOND));
  }

  /** A machine a little faster or much slower than its costs say. */
  private Quantity microsecond() {
    return new Quantity.Constant(draw.scaled(Span.MICROSECOND / 2, Span.MILLISECOND / 10));
  }
}
