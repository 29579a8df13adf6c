package org.oomlab.refute;

import java.util.ArrayList;
import java.util.List;
import org.oomlab.worlds.World;

/**
 * How a world went under each policy of a claim, with the same draws.
 *
 * @param of in the order of the policies
 */
public record Courses(List<Course> of) {
  public Courses {
    of = List.copyOf(of);
  }

  /** Runs a world's episode of a seed under all of them. */
  static Courses of(World world, long seed, Sides sides, boolean judged) {
    List<Course> courses = new ArrayList<>();
    for (int i = 0; i < sides.policies().size(); i++) {
      courses.add(Course.of(sides.of(world, i), seed, judged));
    }
    return new Courses(courses);
  }

  /** Whether not the same happened under all. */
  boolean part() {
    return of.stream().anyMatch(each -> each.outcome().digest() != of.get(0).outcome().digest());
  }

  /** What was in any of them. */
  long traits() {
    return of.stream().mapToLong(Course::traits).reduce(0, (a, b) -> a | b);
  }
}
