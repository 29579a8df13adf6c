package org.oomlab.worlds;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records with something else in one place, whatever components they have. */
final class Records {
  private Records() {}

  /** A record of the same values but for one component. */
  static <R extends Record> R with(R record, String component, @Nullable Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      if (components[i].getName().equals(component)) {
        return with(record, i, value);
      }
    }
    throw new IllegalArgumentException(record.getClass() + " has no " + component);
  }

  /** The same by the component's number. */
  static <R extends Record> R with(R record, int number, @Nullable Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == number ? value : get(record, components[i]);
      types[i] = components[i].getType();
    }
    try {
      @SuppressWarnings("unchecked") // a record's class is its own
      Constructor<R> constructor = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw failed(record, e);
    }
  }

  static @Nullable Object get(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw failed(record, e);
    }
  }

  private static RuntimeException failed(Record record, ReflectiveOperationException e) {
    boolean refused =
        e instanceof InvocationTargetException && e.getCause() instanceof IllegalArgumentException;
    return refused
        ? (IllegalArgumentException) e.getCause()
        : new IllegalStateException(record + " cannot be changed", e);
  }

  static List<RecordComponent> components(Record record) {
    return Arrays.asList(record.getClass().getRecordComponents());
  }

  /** A list with another item in a place, or without the one there if that is null. */
  static <T> List<T> with(List<T> list, int index, @Nullable T item) {
    List<T> changed = new ArrayList<>(list);
    if (item == null) {
      changed.remove(index);
    } else {
      changed.set(index, item);
    }
    return changed;
  }
}
