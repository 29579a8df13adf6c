package org.oomlab.kernel;

import static org.oomlab.kernel.state.Machine.PAGES_PER_TABLE;

import org.jspecify.annotations.Nullable;
import org.oomlab.kernel.state.Machine;
import org.oomlab.kernel.state.Mm;
import org.oomlab.kernel.state.WaitsFor;
import org.oomlab.kernel.state.Walk;
import org.oomlab.workload.PageTableContention;

/**
 * How fast several walkers take one address space apart, in closed form: decision 0007.
 *
 * <p>A walker locks a page table, takes its pages out, unlocks it, and does the rest of the work on
 * these pages: rmap, TLB flush, freeing. Whoever comes to a locked page table spins, gets it empty
 * and goes on to the next.
 *
 * <p>Walkers in the same direction are a team. If the rest of the work is short, each arrives at
 * the next page table while a team mate has it locked: the two leapfrog, and the team gets through
 * a page table in the time that it takes one walker to lock one, empty it, and the next to find it
 * empty. If the rest is long, locks are free again before anybody comes, and the team's work is
 * shared. Walkers in opposite directions meet once, which costs nothing to speak of. Wherever they
 * are, walkers hand pages back to the same free lists, and can do that no faster together than one
 * alone.
 */
final class PageTableLocks {
  private final Teardown teardown;
  private final Machine machine;
  private final double underLock;
  private final double freeing;

  PageTableLocks(Teardown teardown, Machine machine) {
    this.teardown = teardown;
    this.machine = machine;
    PageTableContention contention = machine.costs.pageTableContention();
    this.underLock = share(contention, true);
    this.freeing = share(contention, false);
  }

  private static double share(@Nullable PageTableContention contention, boolean underLock) {
    return contention == null ? 0 : underLock ? contention.underLock() : contention.freeing();
  }

  /**
   * Nanoseconds in which a walker of a team takes out one page, while each of the others takes one.
   *
   * @param team how many walkers go the same way through the same mapping
   * @param page what a page takes a walker that is alone
   * @param locked the part of that with the page table locked
   * @param visit the time to look at a page table that is empty, for each page it had
   * @param bounce how much longer a page takes after having spun, locked
   */
  static double period(int team, double page, double locked, double visit, double bounce) {
    return isContended(team, page, locked, visit, bounce)
        ? team * (locked + visit + bounce)
        : page + (team - 1) * visit;
  }

  /** The part of {@link #period} that goes into getting locks: spinning, and visits in vain. */
  static double lockTime(int team, double page, double locked, double visit, double bounce) {
    return isContended(team, page, locked, visit, bounce)
        ? team * (locked + visit + bounce) - page - bounce
        : (team - 1) * visit;
  }

  /** Whether a walker that has done with its own page comes too early for its team mates'. */
  private static boolean isContended(
      int team, double page, double locked, double visit, double bounce) {
    return team > 1 && team * (locked + visit + bounce) > page + (team - 1) * visit + bounce;
  }

  /** Gives every walker that is taking pages out of an mm the pace it has beside the others. */
  void share(Mm mm) {
    double busy = 0;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, walk)) {
        double page = pageNs(mm, walk);
        busy += page == 0 ? 0 : freeing * page / period(mm, walk, page);
      }
    }
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, walk)) {
        // The free lists cannot be busy for more than all of the time.
        pace(mm, walk, Math.max(1, busy));
      }
    }
    for (int i = 0; i < mm.vmas.length; i++) {
      divide(mm, i);
    }
  }

  /** One whose event is being handled is past its part, though its walk does not know it yet. */
  private boolean isAtWorkIn(Mm mm, Walk walk) {
    return walk.mm == mm.id
        && walk.zaps()
        && walk.stage == Walk.Stage.PAGES
        && !walk.isPaused()
        && machine.entity(walk.id).waitsFor == WaitsFor.WORK;
  }

  /** When the last of those who are taking pages out of a mapping has done so; 0 if nobody is. */
  long whenDone(Mm mm, int vma) {
    long latest = 0;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, walk) && walk.vma == vma) {
        latest = Math.max(latest, walk.endNs);
      }
    }
    return latest;
  }

  private int team(Mm mm, Walk walk) {
    int team = 0;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk other = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, other) && other.vma == walk.vma && other.down == walk.down) {
        team++;
      }
    }
    return team;
  }

  private double pageNs(Mm mm, Walk walk) {
    return teardown.costPerPage(walk, mm.vmas[walk.vma]);
  }

  private double period(Mm mm, Walk walk, double page) {
    double tables = mm.vmas[walk.vma].tablesPerPage();
    return period(
        team(mm, walk),
        page,
        page * underLock,
        machine.visitNs * tables,
        machine.bounceNs * tables);
  }

  private double lockTime(Mm mm, Walk walk, double page) {
    double tables = mm.vmas[walk.vma].tablesPerPage();
    return lockTime(
        team(mm, walk),
        page,
        page * underLock,
        machine.visitNs * tables,
        machine.bounceNs * tables);
  }

  private void pace(Mm mm, Walk walk, double slowdown) {
    double page = pageNs(mm, walk);
    double period = slowdown * period(mm, walk, page);
    teardown.account(walk);
    walk.lockShare = period == 0 ? 0 : lockTime(mm, walk, page) / period;
    long nsPerTable = Math.round(PAGES_PER_TABLE * period);
    if (nsPerTable != walk.nsPerTable) {
      walk.nsPerTable = nsPerTable;
      walk.pages = walk.donePages; // What it was to take at its old pace is anybody's.
    }
  }

  /** Divides what is left of a mapping among those at work in it, so that all are done at once. */
  private void divide(Mm mm, int vma) {
    double speed = 0;
    long left = mm.vmas[vma].pages;
    long assigned = 0;
    boolean everybodyHasPart = true;
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, walk) && walk.vma == vma) {
        speed += speed(walk);
        assigned += walk.pages - walk.donePages;
        everybodyHasPart &= walk.donePages < walk.pages;
      }
    }
    if (speed == 0 || (everybodyHasPart && assigned == left)) {
      return;
    }
    for (int i = 0; i < machine.walkers.size(); i++) {
      Walk walk = machine.walk(machine.walkers.get(i));
      if (isAtWorkIn(mm, walk) && walk.vma == vma) {
        double own = speed(walk);
        long part = Math.min(left, Math.round(left * (own / speed)));
        speed -= own;
        left -= part;
        teardown.take(walk, Math.min(part, walk.quota)); // A quota's owner leaves the rest behind.
      }
    }
  }

  private static double speed(Walk walk) {
    return 1.0 / Math.max(1, walk.nsPerTable);
  }
}
