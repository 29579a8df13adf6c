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

  /** A kind of record: looked up once, since every world is made of hundreds. */
  private record Shape(List<RecordComponent> components, Constructor<?> constructor) {
    static Shape of(Class<?> type) {
      List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
      Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        return new Shape(components, type.getDeclaredConstructor(types));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(type + " is no record", e);
      }
    }
  }

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  /** A record of the same values but for one component. */
  static <R extends Record> R with(R record, String component, @Nullable Object value) {
    List<RecordComponent> components = components(record);
    for (int i = 0; i < components.size(); i++) {
      if (components.get(i).getName().equals(component)) {
        return with(record, i, value);
      }
    }
    throw new IllegalArgumentException(record.getClass() + " has no " + component);
  }

  /** The same by the component's number. */
  static <R extends Record> R with(R record, int number, @Nullable Object value) {
    Shape shape = SHAPES.get(record.getClass());
    @Nullable Object[] values = new Object[shape.components().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == number ? value : get(record, shape.components().get(i));
    }
    try {
      @SuppressWarnings("unchecked") // a record's constructor makes records of its class
      R made = (R) shape.constructor().newInstance(values);
      return made;
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
    return SHAPES.get(record.getClass()).components();
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
