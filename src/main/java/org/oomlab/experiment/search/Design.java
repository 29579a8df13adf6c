package org.oomlab.experiment.search;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.oomlab.engine.RandomStream;
import org.oomlab.statistics.Shuffle;

/**
 * The points of a sweep: at which values the axes are tried together. Points are computed when they
 * are asked for, by any thread, so that their number costs nothing.
 */
public final class Design {
  /** More points than anybody has waited for. */
  static final long MOST_POINTS = 10_000_000;

  private static final String GRID = "grid";
  private static final String LATIN = "lhs:";
  private static final String SOBOL = "sobol:";

  private final List<Axis> axes;
  private final long points;
  private final Coordinates coordinates;

  private interface Coordinates {
    String value(int axis, long point);
  }

  private Design(List<Axis> axes, long points, Coordinates coordinates) {
    this.axes = axes;
    this.points = points;
    this.coordinates = coordinates;
  }

  /**
   * The design of this name: {@code grid}, {@code lhs:N} for a Latin hypercube of N points, or
   * {@code sobol:N} for the first N of Sobol's sequence.
   *
   * @param seed of the Latin hypercube's permutations
   * @throws IllegalArgumentException saying what is wrong, with the number of points if those are
   *     too many
   */
  public static Design of(String name, List<Axis> axes, long seed) {
    for (int i = 0; i < axes.size(); i++) {
      for (Axis other : axes.subList(0, i)) {
        refuseConflict(other.path(), axes.get(i).path());
      }
    }
    if (name.equals(GRID)) {
      return grid(axes);
    }
    if (name.startsWith(LATIN)) {
      return latin(axes, count(name.substring(LATIN.length())), seed);
    }
    if (name.startsWith(SOBOL)) {
      return sobol(axes, count(name.substring(SOBOL.length())));
    }
    throw new IllegalArgumentException("expected grid, lhs:N or sobol:N, not '" + name + "'");
  }

  private static void refuseConflict(String a, String b) {
    if (a.equals(b)) {
      throw new IllegalArgumentException(a + " is varied twice");
    }
    String outer = a.length() < b.length() ? a : b;
    String inner = outer.equals(a) ? b : a;
    if (inner.startsWith(outer + ".") || inner.startsWith(outer + "[")) {
      throw new IllegalArgumentException(
          inner + " is part of " + outer + ", which is varied as well");
    }
  }

  private static long count(String text) {
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
      throw new IllegalArgumentException("expected a number of points, not '" + text + "'");
    }
    return bounded(BigInteger.valueOf(Long.parseLong(text)));
  }

  private static long bounded(BigInteger points) {
    if (points.compareTo(BigInteger.valueOf(MOST_POINTS)) > 0) {
      throw new IllegalArgumentException(
          "that makes " + points + " points, and " + MOST_POINTS + " are the most");
    }
    return points.longValueExact();
  }

  /** Every value of every axis with all others; the last axis changes fastest. */
  private static Design grid(List<Axis> axes) {
    BigInteger all = BigInteger.ONE;
    for (Axis axis : axes) {
      if (axis.size() == 0) {
        throw new IllegalArgumentException(
            axis.path()
                + ": a grid needs a step, as in 0s..4s/250ms, or a number of values, as in log"
                + " 1ms..100s/30; --design lhs:N or sobol:N draw from the whole range");
      }
      all = all.multiply(BigInteger.valueOf(axis.size()));
    }
    long points = bounded(all);
    long[] strides = new long[axes.size()];
    long stride = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= axes.get(i).size();
    }
    return new Design(
        axes,
        points,
        (axis, point) -> {
          Axis of = axes.get(axis);
          return of.value(point / strides[axis] % of.size());
        });
  }

  /**
   * Each axis cut into as many parts as there are points, each part used once, in an order of its
   * own: McKay, Beckman and Conover, "A Comparison of Three Methods for Selecting Values of Input
   * Variables", 1979.
   */
  private static Design latin(List<Axis> axes, long points, long seed) {
    Shuffle[] parts = new Shuffle[axes.size()];
    Arrays.setAll(parts, axis -> new Shuffle(RandomStream.split(seed, axis), points));
    return new Design(
        axes,
        points,
        (axis, point) -> {
          long within = RandomStream.split(RandomStream.split(seed, axis), point);
          double inPart = new RandomStream(within).nextDouble();
          double share = (parts[axis].at(point) + inPart) / points;
          return axes.get(axis).at(share);
        });
  }

  /** Sobol's sequence, with the direction numbers of Joe and Kuo, 2008, from its first point on. */
  private static Design sobol(List<Axis> axes, long points) {
    SobolSequenceGenerator sequence = new SobolSequenceGenerator(Math.max(1, axes.size()));
    return new Design(
        axes,
        points,
        (axis, point) -> {
          synchronized (sequence) {
            return axes.get(axis).at(sequence.skipTo((int) point)[axis]);
          }
        });
  }

  /** What is varied. */
  public List<Axis> axes() {
    return axes;
  }

  /** How many points. */
  public long points() {
    return points;
  }

  /** The values of the axes at a point, from 0. */
  public List<String> values(long point) {
    List<String> values = new ArrayList<>(axes.size());
    for (int axis = 0; axis < axes.size(); axis++) {
      values.add(coordinates.value(axis, point));
    }
    return values;
  }
}
