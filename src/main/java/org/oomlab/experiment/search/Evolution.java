package org.oomlab.experiment.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.oomlab.engine.RandomStream;

/**
 * The part of a search that goes on from what was tried: the children of two good candidates,
 * slightly changed, replace the worst.
 */
final class Evolution {
  /** How many live at a time, and are tried together. */
  static final int POPULATION = 24;

  /** About how far a value of a range moves, as a share of the range. */
  static final double SPREAD = 0.15;

  /** How many values are changed in a child, on average. */
  private static final double MUTATION = 1.5;

  private final Search.Terms terms;
  private final Trials trials;
  private final RandomStream random;

  Evolution(Search.Terms terms, Trials trials) {
    this.terms = terms;
    this.trials = trials;
    this.random = new RandomStream(RandomStream.split(terms.seed(), "search"));
  }

  /**
   * Goes on until so many candidates were tried in all, or no new ones are found.
   *
   * @throws InterruptedException if the calling thread is interrupted
   */
  void run(int budget) throws InterruptedException {
    List<List<String>> first = new ArrayList<>();
    for (int i = 1; i < POPULATION; i++) {
      // Neighbours of the base as well as strangers: what is good is often near.
      first.add(i % 2 == 0 ? stranger() : changed(terms.base()));
    }
    trials.evaluate(first);
    List<Trial> parents = Trial.best(trials.all(), POPULATION);
    int barren = 0;
    while (trials.count() < budget && !trials.stopped() && barren < POPULATION) {
      Set<List<String>> children = new LinkedHashSet<>();
      for (int i = 0; i < 4 * POPULATION && children.size() < POPULATION; i++) {
        List<String> child = changed(crossed(pick(parents).values(), pick(parents).values()));
        if (!trials.has(child)) {
          children.add(child);
        }
      }
      barren = children.isEmpty() ? barren + 1 : 0;
      int room = Math.min(children.size(), budget - trials.count());
      List<List<String>> batch = new ArrayList<>(children).subList(0, room);
      trials.evaluate(batch);
      List<Trial> all = new ArrayList<>(parents);
      batch.stream().filter(trials::has).map(trials::of).forEach(all::add);
      parents = Trial.best(all, POPULATION);
    }
  }

  /** The better of two by chance; parents are in order. */
  private Trial pick(List<Trial> parents) {
    long a = random.nextBelow(parents.size());
    long b = random.nextBelow(parents.size());
    return parents.get((int) Math.min(a, b));
  }

  private List<String> stranger() {
    return terms.axes().stream().map(axis -> axis.at(random.nextDouble())).toList();
  }

  private List<String> crossed(List<String> a, List<String> b) {
    List<String> child = new ArrayList<>(a);
    for (int i = 0; i < child.size(); i++) {
      if (random.nextBelow(2) == 0) {
        child.set(i, b.get(i));
      }
    }
    return child;
  }

  /** With one or two values changed, more or less. */
  private List<String> changed(List<String> values) {
    List<String> changed = new ArrayList<>(values);
    boolean any = false;
    while (!any) {
      for (int i = 0; i < changed.size(); i++) {
        if (random.nextDouble() * changed.size() < MUTATION) {
          changed.set(i, changed(terms.axes().get(i), changed.get(i)));
          any = true;
        }
      }
    }
    return List.copyOf(changed);
  }

  private String changed(Axis axis, String value) {
    if (axis.isList() || random.nextBelow(4) == 0) {
      return axis.at(random.nextDouble());
    }
    double step = SPREAD * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
    return axis.at(Math.max(0, Math.min(1, axis.shareOf(value) + step)));
  }
}
