package org.oomlab.worlds;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.oomlab.engine.Quantity;
import org.oomlab.unit.Span;
import org.oomlab.workload.Workload;

/**
 * Makes one number of a workload a little or much smaller or larger: what a search takes to come
 * nearer to an edge, once it is in the right world.
 */
final class Nudge {
  private Nudge() {}

  /** The workload with one number changed; the same if it has none. */
  static Workload nudged(Workload of, Draw draw) {
    List<Function<Draw, Record>> places = places(of);
    return places.isEmpty() ? of : (Workload) draw.of(places).apply(draw);
  }

  /** For each number in a record, the record with that changed. */
  private static List<Function<Draw, Record>> places(Record record) {
    List<Function<Draw, Record>> places = new ArrayList<>();
    List<RecordComponent> components = Records.components(record);
    for (int i = 0; i < components.size(); i++) {
      int at = i;
      Object value = Records.get(record, components.get(i));
      if (value instanceof Quantity.Constant constant && constant.value() < Span.FOREVER) {
        places.add(
            by -> Records.with(record, at, new Quantity.Constant(number(by, constant.value()))));
      } else if (value instanceof Long number && number > 0 && number < Span.FOREVER) {
        places.add(by -> Records.with(record, at, number(by, number)));
      } else if (value instanceof Integer number && components.get(i).getName().contains("Adj")) {
        places.add(by -> Records.with(record, at, adjusted(by, number)));
      } else if (value instanceof List<?> list) {
        for (int j = 0; j < list.size(); j++) {
          int item = j;
          if (list.get(j) instanceof Record inner) {
            for (Function<Draw, Record> each : places(inner)) {
              places.add(
                  by ->
                      Records.with(
                          record,
                          at,
                          Records.<Object>with(new ArrayList<Object>(list), item, each.apply(by))));
            }
          }
        }
      } else if (value instanceof Record inner && !(value instanceof Quantity)) {
        for (Function<Draw, Record> each : places(inner)) {
          places.add(by -> Records.with(record, at, each.apply(by)));
        }
      }
    }
    return places;
  }

  private static int adjusted(Draw by, int number) {
    return Math.max(-1000, Math.min(1000, number + by.below(401) - 200));
  }

  private static long number(Draw by, long number) {
    long change =
        switch (by.below(4)) {
          case 0 -> 1;
          case 1 -> Math.max(1, number / 100);
          case 2 -> Math.max(1, number / 8);
          default -> Math.max(1, number / 2);
        };
    return by.chance(0.5) ? number + by.between(1, change) : Math.max(0, number - change);
  }
}
