package org.oomlab.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.oomlab.kernel.state.CpuMask;
import org.oomlab.kernel.state.IntList;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Program;
import org.oomlab.kernel.state.Task;

/** A snapshot that forgets a field is wrong from the day the field is added; this finds it. */
class StateCopyTest {
  /** Fields that are not part of the state: who listens, and links that are made once. */
  private static final Set<String> NOT_STATE =
      Set.of("Machine.sink", "Process.tasks", "IntList.items", "IntList.size");

  @Test
  void copyFromCopiesEveryFieldThatCanChange() throws IllegalAccessException {
    Machine original = Worlds.richMachine();
    Machine copy = Worlds.richMachine();
    original.idle.setAll();
    List<Object> originals = stateOf(original);
    List<Object> copies = stateOf(copy);
    assertThat(copies).hasSameSizeAs(originals);
    // What is looked through is what is there: tasks and all they hold, too.
    assertThat(originals).hasAtLeastOneElementOfType(Task.class).hasSizeGreaterThan(20);
    long value = 3;
    for (Object object : originals) {
      for (Field field : changingFields(object)) {
        value += 2;
        set(field, object, value);
      }
      if (object instanceof IntList list) {
        list.addLast((int) value++);
        list.addLast((int) value++);
      }
      if (object instanceof CpuMask mask) {
        mask.clear(0);
      }
    }
    original.ledger.kills = 2;
    original.ledger.daemonKills = 0;
    original.ledger.addDaemonKill(1, 2, 0);

    copy.copyFrom(original);

    for (int i = 0; i < originals.size(); i++) {
      for (Field field : changingFields(originals.get(i))) {
        if (field.getType().isArray()) {
          continue; // The ledger's lists of kills: as long as the number of kills says.
        }
        assertThat(field.get(copies.get(i)))
            .as(originals.get(i).getClass().getSimpleName() + "." + field.getName())
            .isEqualTo(field.get(originals.get(i)));
      }
      if (originals.get(i) instanceof IntList list) {
        IntList copied = (IntList) copies.get(i);
        assertThat(copied.size()).isEqualTo(list.size());
        assertThat(copied.get(list.size() - 1)).isEqualTo(list.get(list.size() - 1));
      }
      if (originals.get(i) instanceof CpuMask) {
        assertThat(((CpuMask) copies.get(i)).first()).isEqualTo(1);
      }
    }
  }

  private static List<Object> stateOf(Machine machine) throws IllegalAccessException {
    List<Object> found = new ArrayList<>();
    collect(machine, found);
    return found;
  }

  /** Every object of the kernel's state that can be reached from this one, each once. */
  private static void collect(Object object, List<Object> found) throws IllegalAccessException {
    for (Object seen : found) {
      if (seen == object) {
        return;
      }
    }
    found.add(object);
    for (Field field : fields(object)) {
      Object value = field.get(object);
      if (value instanceof Object[] array) {
        for (Object element : array) {
          collectIfState(element, found);
        }
      } else {
        collectIfState(value, found);
      }
    }
  }

  private static void collectIfState(Object value, List<Object> found)
      throws IllegalAccessException {
    if (value != null
        && value.getClass().getPackageName().startsWith("org.oomlab.kernel")
        && !value.getClass().isEnum()
        && !value.getClass().isRecord()
        && !(value instanceof Program)) {
      collect(value, found);
    }
  }

  private static List<Field> fields(Object object) {
    List<Field> fields = new ArrayList<>();
    for (Field field : object.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return fields;
  }

  private static List<Field> changingFields(Object object) {
    List<Field> changing = new ArrayList<>();
    for (Field field : fields(object)) {
      String name = object.getClass().getSimpleName() + "." + field.getName();
      if (!Modifier.isFinal(field.getModifiers()) && !NOT_STATE.contains(name)) {
        changing.add(field);
      }
    }
    return changing;
  }

  private static void set(Field field, Object object, long value) throws IllegalAccessException {
    Class<?> type = field.getType();
    if (type == long.class) {
      field.setLong(object, value);
    } else if (type == int.class) {
      field.setInt(object, (int) value);
    } else if (type == double.class) {
      field.setDouble(object, (double) value);
    } else if (type == boolean.class) {
      field.setBoolean(object, !field.getBoolean(object));
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      field.set(object, constants[constants.length - 1]);
    } else if (!type.isArray()) {
      throw new AssertionError("teach this test about " + field);
    }
  }
}
