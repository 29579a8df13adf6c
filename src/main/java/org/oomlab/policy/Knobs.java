package org.oomlab.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every knob, in the order of the story: who is killed, how the reaper works, how the victim exits,
 * who may use the reserves, what the freezer, the memory cgroups and the allocator do.
 *
 * <p>To add a knob: declare it here, read it once in the mechanism that obeys it, and give it a
 * value in every root policy. Parsing, {@code show}, {@code sweep}, completion and the manual page
 * all walk this list.
 */
public final class Knobs {
  private static final List<Knob> ALL = new ArrayList<>();

  /** Which processes make the victim scan stop and wait, mm/oom_kill.c oom_evaluate_task(). */
  public enum InFlight {
    /** 4.5: a thread with TIF_MEMDIE, or an exiting thread that still has its mm. */
    MEMDIE_OR_EXITING,
    /** 4.6: a thread with TIF_MEMDIE. */
    MEMDIE,
    /** 4.7: signal->oom_victims above zero. */
    VICTIM_COUNT,
    /** 4.8: the same, unless the mm was marked MMF_OOM_REAPED. */
    VICTIM_COUNT_UNLESS_REAPED,
    /** 4.9 and later: signal->oom_mm set and not MMF_OOM_SKIP. */
    OOM_MM
  }

  /** When an allocating task that is dying itself is spared the search for a victim. */
  public enum DyingShortcut {
    /** Up to 4.7: SIGKILL is pending or the task is exiting. */
    FATAL_SIGNAL,
    /** 4.8 and later: task_will_free_mem(). */
    WILL_FREE_MEM
  }

  /** Which of two equally bad processes is chosen. */
  public enum Tie {
    /** The one that comes first in the process list. */
    FIRST,
    /** The one that comes last. */
    LAST
  }

  /** Which page tables count as badness. */
  public enum PageTables {
    /** Up to 4.14: nr_ptes and nr_pmds. */
    PTE_AND_PMD,
    /** From 4.15: mm_pgtables_bytes(), every level. */
    ALL_LEVELS
  }

  /** What the kernel says when it panics because nobody can be killed. */
  public enum NothingToKill {
    /** Up to 4.18. */
    NO_KILLABLE_PROCESSES,
    /** From 4.19. */
    DEADLOCKED
  }

  /** In which order the reaper visits its victims. */
  public enum ReaperList {
    /** Last in, first out; one victim until it succeeds or is given up. */
    LIFO,
    /** Rientjes 2018: the head is visited once, then goes to the tail. */
    ROUND_ROBIN
  }

  /** Who is reaped without reaper.delay, as proposed in 2025. */
  public enum NoDelayFor {
    /** 5.18 and later: nobody. */
    NOBODY,
    /** A victim none of whose threads has told the kernel of a robust list. */
    NO_ROBUST_LIST,
    /** A victim in the version 1 freezer: frozen(), of it and of whoever shares its mm. */
    FROZEN,
    /** A victim with the bit of the version 2 freezer, task->frozen. */
    FROZEN_V2
  }

  /** When it is looked whether a victim is frozen, if anybody asks. */
  public enum FrozenTest {
    /** In queue_oom_reaper(), when mark_oom_victim() has thawed it and SIGKILL has woken it. */
    AFTER_THAW,
    /** Before it is killed. */
    BEFORE_THAW
  }

  /** What the reaper thread sleeps after, reaper.retry_interval each time. */
  public enum SleepsAfter {
    /** A failed attempt. */
    FAILURE,
    /** Every visit to a victim, whatever came of it. */
    VISIT,
    /** A round over all victims of a round-robin list. */
    ROUND
  }

  /** How the reaper compares the clock with a victim's timeout, in ticks. */
  public enum Expiry {
    /** At the timeout it is over: time_after_eq(). */
    TIME_AFTER_EQ,
    /** A tick later: time_after(). */
    TIME_AFTER
  }

  /** What the reaper does with an mm that is MMF_UNSTABLE: reaped before, or by its own exit. */
  public enum Unstable {
    /** Walks it again. */
    REAP,
    /** Rientjes 2018: leaves it alone, and only looks at its timeout. */
    LEAVE
  }

  /** What the reaper does with an mm whose last user has gone (mm_users is 0). */
  public enum DeadMm {
    /** Up to 4.13: nothing, and calls it a success. */
    CALL_IT_SUCCESS,
    /** From 4.14: reaps it beside exit_mmap(). */
    REAP
  }

  /** What the reaper does about mmu notifiers. */
  public enum Notifiers {
    /** Up to 4.13: does not look. */
    IGNORE,
    /** 4.14: with any notifier, sleeps HZ holding oom_lock and calls it a success. */
    SLEEP_IF_ANY,
    /** 4.17: the same for notifiers that may block. */
    SLEEP_IF_BLOCKABLE,
    /** 4.19 and later: asks each VMA's notifiers not to block; a refusal fails the attempt. */
    TRY_EACH_VMA,
    /** Rientjes 2018: an mm with blockable notifiers is not reaped this time, without a sleep. */
    LEAVE_BLOCKABLE
  }

  /** What follows when the reaper has walked an mm, whether or not it freed anything. */
  public enum ReapSuccess {
    /** 4.6: the victim loses its mark and its oom_score_adj becomes -1000. */
    PARDON,
    /** 4.7 and later: the mm no longer makes the killer wait (MMF_OOM_REAPED, MMF_OOM_SKIP). */
    HIDE,
    /** Rientjes 2018: nothing; only the exit path or the timeout sets MMF_OOM_SKIP. */
    WAIT
  }

  /** What follows when every attempt has failed. */
  public enum ReapFailure {
    /** 4.6: nothing; the mark stays. */
    NOTHING,
    /** 4.7: the mark is taken away; the process may be chosen again. */
    UNMARK,
    /** 4.8: the mark is taken away; the second time the mm is hidden. */
    UNMARK_THEN_HIDE,
    /** 4.9 and later: MMF_OOM_SKIP. */
    HIDE
  }

  /** Whether exit_mmap() of a victim reaps the mm itself first. */
  public enum SelfReap {
    NONE,
    /** 4.16.13 to 4.18: holding oom_lock. */
    UNDER_OOM_LOCK,
    /** 4.19 to 6.0. */
    UNLOCKED
  }

  /** How exit_mmap() holds mmap_lock while it unmaps. */
  public enum ExitLock {
    NONE,
    /** 5.17 to 6.0: for writing, to the end. */
    WRITE,
    /** 6.1 and later: for reading while unmapping, then for writing for the page tables. */
    READ_THEN_WRITE
  }

  /** Where exit_mmap() of a victim waits for a reaper at work (an empty write-lock cycle). */
  public enum Fence {
    NONE,
    /** 4.16.13 to 5.10: after reaping itself. */
    AFTER_SELF_REAP,
    /** 4.14: after unmap_vmas(). */
    BEFORE_PAGE_TABLES
  }

  /** Where the exit path sets MMF_OOM_SKIP. */
  public enum OomSkip {
    /** Up to 4.8: nowhere. */
    NEVER,
    /** Howlett 2025: as soon as exit_mmap() starts. */
    AT_START,
    /** 4.16.13 to 6.0: after the self-reap, before munlock, unmap and free_pgtables. */
    AFTER_SELF_REAP,
    /** 4.14 and 6.1 onwards: after unmap_vmas(). */
    AFTER_UNMAP,
    /** Rientjes 2018: after free_pgtables() and the last flush. */
    AFTER_PAGE_TABLES,
    /** 4.9 to 4.13: at the end of __mmput(). */
    END_OF_MMPUT
  }

  /** From where on the exit path promises to finish, so that reaper and flag are left to it. */
  public enum Handover {
    NEVER,
    /** As soon as exit_mmap() begins. */
    AT_START,
    /** Hocko 2018: with everything unmapped and mmap_lock held for writing. */
    BEFORE_PAGE_TABLES
  }

  /** What a victim may take below the min watermark. */
  public enum VictimReserves {
    /** Up to 4.13: the thread with TIF_MEMDIE ignores the watermark. */
    MARKED_THREAD_ALL,
    /** From 4.14: every thread of a victim may go down to half of it. */
    ALL_THREADS_HALF
  }

  /** Which threads of a frozen victim are thawed. */
  public enum Thaw {
    /** Up to 6.17: the one that is marked. */
    MARKED_THREAD,
    /** From 6.18: all. */
    ALL_THREADS
  }

  /** Where a memory cgroup's kill happens. */
  public enum MemcgKill {
    /** Up to 4.18: at the end of a user page fault; a system call just fails. */
    END_OF_FAULT,
    /** From 4.19: inside the charge. */
    IN_CHARGE
  }

  /** What happens to a charge when a memory cgroup has nobody left to kill. */
  public enum MemcgNothing {
    /** Up to 4.19: it goes over the limit. */
    FORCE,
    /** Later: it fails. */
    FAIL
  }

  /** Until when a memory cgroup's killer sees a victim, and waits for it. */
  public enum VictimSeen {
    /** Up to 6.19.8: its last thread leaves its cgroup when all is unmapped. */
    UNTIL_UNMAPPED,
    /** From 6.19.10: no longer once its last thread is on its way through do_exit(). */
    UNTIL_EXIT_BEGINS,
    /** Not by its scan: a count of its victims that are not hidden tells, whose they are. */
    COUNTED
  }

  /** How a charge ends that a victim asks for whose memory is hidden from the killer. */
  public enum HiddenVictim {
    /** Up to 7.1: after as many attempts as any other. */
    RETRIES,
    /** From 7.2: before the first. */
    FAILS_AT_ONCE
  }

  /** What the killer reads of a process's counters of pages. */
  public enum Counters {
    /** Up to 6.1: without up to 64 pages a counter that each thread keeps (SPLIT_RSS_COUNTING). */
    PER_THREAD,
    /** 6.2 to 6.19: without what lies on its processors, max(32, 2 * processors) pages on each. */
    APPROXIMATE,
    /** From 7.0: the sum over all processors. */
    EXACT,
    /** Proposed: approximately first, then exactly where that may decide. */
    TWO_PASS
  }

  public static final Knob PANIC_ON_OOM =
      add(
          Knob.count(
              "killer.panic_on_oom",
              "vm.panic_on_oom",
              "0: kill. 1: panic instead, unless the OOM is confined to a cgroup. 2: panic always.",
              0,
              2));
  public static final Knob COUNTERS =
      add(
          Knob.choice(
              "killer.counters",
              "get_mm_counter()",
              "How exactly the killer knows a process's size, if the workload says how far that is"
                  + " spread.",
              Counters.class));
  public static final Knob KILL_ALLOCATING_TASK =
      add(
          Knob.flag(
              "killer.kill_allocating_task",
              "vm.oom_kill_allocating_task",
              "Kill whoever ran out of memory rather than the worst process."));
  public static final Knob IN_FLIGHT =
      add(
          Knob.choice(
              "killer.in_flight",
              "oom_evaluate_task()",
              "Which earlier victims make the killer wait instead of choosing another.",
              InFlight.class));
  public static final Knob DYING_SHORTCUT =
      add(
          Knob.choice(
              "killer.dying_shortcut",
              "task_will_free_mem()",
              "When an allocating task that is dying itself becomes the victim without a search.",
              DyingShortcut.class));
  public static final Knob NOFS_REACHES_KILLER =
      add(
          Knob.flag(
              "killer.nofs_enters",
              "out_of_memory(), !__GFP_FS",
              "A request that may not enter file systems gets as far as the dying shortcut; it"
                  + " never kills."));
  public static final Knob SLEEP_AFTER_KILL =
      add(
          Knob.count(
              "killer.sleep_after_kill",
              "schedule_timeout_killable(1)",
              "Ticks the killer sleeps after a kill, holding oom_lock.",
              0,
              1_000_000));
  public static final Knob SACRIFICE_CHILD =
      add(
          Knob.flag(
              "killer.sacrifice_child",
              "oom_kill_process(), \"or sacrifice child\"",
              "Kill the worst child with memory of its own instead of the chosen parent."));
  public static final Knob ROOT_BONUS =
      add(
          Knob.count(
              "killer.root_bonus",
              "oom_badness(), CAP_SYS_ADMIN",
              "Percent of its points that a process with CAP_SYS_ADMIN is forgiven.",
              0,
              100));
  public static final Knob TIE =
      add(
          Knob.choice(
              "killer.tie",
              "oom_evaluate_task()",
              "Which of two equally bad processes is chosen.",
              Tie.class));
  public static final Knob BADNESS_FLOOR =
      add(
          Knob.flag(
              "killer.floor_of_one",
              "oom_badness()",
              "An eligible process scores at least 1 whatever its oom_score_adj."));
  public static final Knob BADNESS_PAGE_TABLES =
      add(
          Knob.choice(
              "killer.page_tables",
              "oom_badness(), mm_pgtables_bytes()",
              "Which page tables count as badness.",
              PageTables.class));
  public static final Knob SWAP_WEIGHT =
      add(
          Knob.count(
              "killer.swap_weight",
              "oom_badness(), MM_SWAPENTS",
              "What a page in swap counts for, in percent of one in memory.",
              0,
              100));
  public static final Knob VFORK_EXEMPT =
      add(
          Knob.flag(
              "killer.spare_vfork",
              "oom_badness(), in_vfork()",
              "A vfork child that still borrows its parent's mm is not eligible."));
  public static final Knob SPARE_ADJ_MIN_SHARER =
      add(
          Knob.flag(
              "killer.spare_unkillable_sharer",
              "__oom_kill_process(), OOM_SCORE_ADJ_MIN",
              "A process at -1000 that shares the victim's mm survives, and makes it unreapable."));
  public static final Knob OOM_GROUP =
      add(
          Knob.flag(
              "killer.oom_group",
              "memory.oom.group",
              "Honour cgroups that ask to be killed as one."));
  public static final Knob NOTHING_TO_KILL =
      add(
          Knob.choice(
              "killer.nothing_to_kill",
              "out_of_memory(), panic()",
              "The words of the panic when nobody can be killed.",
              NothingToKill.class));
  public static final Knob HOLDOFF =
      add(
          Knob.span(
              "killer.holdoff",
              "oomkiller_holdoff_ms, 2016",
              "For so long after a victim was marked every OOM call returns as if there were"
                  + " progress, before it may panic or choose."));
  public static final Knob VICTIM_WAIT =
      add(
          Knob.span(
              "killer.victim_wait",
              "oomkiller_victim_wait_ms, 2016",
              "When no victim has been marked for so long, those in flight are passed over and the"
                  + " next is chosen."));
  public static final Knob VICTIM_WAIT_DECAY =
      add(
          Knob.count(
              "killer.victim_wait_decay",
              "oom_scan_process_thread(), a decaying wait",
              "Percent of the previous victim's killer.victim_wait that the next one gets, as long as"
                  + " none of them has exited; of never it is never.",
              0,
              100));
  public static final Knob STALLED_AFTER =
      add(
          Knob.span(
              "killer.stalled_after",
              "oom_evaluate_task(), 3 * HZ, 2018",
              "A victim whose memory (resident, swapped, page tables) has not become less for so"
                  + " long is not waited for any longer."));

  public static final Knob REAPER =
      add(Knob.flag("reaper.enabled", "oom_reaper()", "Whether there is a reaper at all."));
  public static final Knob REAPER_DELAY =
      add(
          Knob.span(
              "reaper.delay",
              "OOM_REAPER_DELAY",
              "Head start given to a victim before the reaper comes for its memory."));
  public static final Knob NO_DELAY_FOR =
      add(
          Knob.choice(
              "reaper.no_delay_for",
              "should_delay_oom_reap(), 2025",
              "Who is reaped without the delay.",
              NoDelayFor.class));
  public static final Knob FROZEN_TEST =
      add(
          Knob.choice(
              "reaper.frozen_test",
              "frozen(), task->frozen",
              "When it is looked whether a victim is frozen; counts only with reaper.no_delay_for.",
              FrozenTest.class));
  public static final Knob REAPER_RETRIES =
      add(
          Knob.count(
              "reaper.retries",
              "MAX_OOM_REAP_RETRIES",
              "Attempts on one mm before it is given up.",
              1,
              1_000_000_000));
  public static final Knob REAPER_RETRY_INTERVAL =
      add(
          Knob.span(
              "reaper.retry_interval",
              "schedule_timeout_idle(HZ/10)",
              "What the reaper sleeps between attempts; after what, reaper.sleeps_after says. With 0s"
                  + " it spins, and finds out something new at the next tick."));
  public static final Knob REAPER_SLEEPS_AFTER =
      add(
          Knob.choice(
              "reaper.sleeps_after",
              "oom_reaper(), schedule_timeout_idle()",
              "What the reaper sleeps after. With a round-robin list and nothing that fails, failure"
                  + " means that it spins.",
              SleepsAfter.class));
  public static final Knob REAPER_LIST =
      add(
          Knob.choice(
              "reaper.list",
              "oom_reaper_list",
              "In which order victims are visited.",
              ReaperList.class));
  public static final Knob REAPER_UNSTABLE =
      add(
          Knob.choice(
              "reaper.unstable",
              "MMF_UNSTABLE",
              "What the reaper does with an mm that it, or its own exit, has begun to reap.",
              Unstable.class));
  public static final Knob REAPER_OOM_LOCK =
      add(
          Knob.flag(
              "reaper.oom_lock",
              "oom_reap_task_mm(), mutex_lock(&oom_lock)",
              "The reaper holds oom_lock while it unmaps."));
  public static final Knob REAPER_MLOCKED =
      add(
          Knob.flag(
              "reaper.takes_mlocked",
              "can_madv_dontneed_vma(), VM_LOCKED",
              "The reaper takes locked memory too."));
  public static final Knob REAPER_DEAD_MM =
      add(
          Knob.choice(
              "reaper.dead_mm",
              "mmget_not_zero()",
              "What the reaper does with an mm whose last user has gone.",
              DeadMm.class));
  public static final Knob REAPER_NOTIFIERS =
      add(
          Knob.choice(
              "reaper.notifiers",
              "mmu_notifier_invalidate_range_start_nonblock()",
              "What the reaper does about mmu notifiers.",
              Notifiers.class));
  public static final Knob REAPER_NOTIFIER_SLEEP =
      add(
          Knob.span(
              "reaper.notifier_sleep",
              "schedule_timeout_idle(HZ)",
              "Sleep, holding oom_lock, in place of reaping an mm with notifiers."));
  public static final Knob REAPER_DIRECTION =
      add(
          Knob.choice(
              "reaper.direction",
              "__oom_reap_task_mm()",
              "Which way the reaper walks the address space.",
              Direction.class));
  public static final Knob REAPER_DIRECT =
      add(
          Knob.count(
              "reaper.direct_pages",
              "oom_reap_mm() by the allocating task, 2018",
              "Pages that a task which would have to wait for a victim unmaps of it by itself before"
                  + " it tries again; 0: none.",
              0,
              1_000_000_000_000L));
  public static final Knob PROCESS_MRELEASE =
      add(
          Knob.flag(
              "reaper.process_mrelease",
              "process_mrelease()",
              "Whether there is a system call to reap a dying process, as of 5.15."));
  public static final Knob REAPER_LEFTOVER =
      add(
          Knob.count(
              "reaper.leftover",
              "oom_reap_task(), 2018",
              "Pages that an mm may still have after an attempt that is not to be repeated; 0: any"
                  + " number.",
              0,
              1_000_000_000_000L));
  public static final Knob FRUITLESS_ROUNDS =
      add(
          Knob.count(
              "reaper.fruitless_rounds",
              "oom_reaper(), 2018",
              "An mm that has not become smaller in more rounds than this, one after another, is"
                  + " given up; 0: rounds do not count.",
              0,
              1_000_000_000));
  public static final Knob REAPER_SUCCESS =
      add(
          Knob.choice(
              "reaper.on_success",
              "oom_reap_task()",
              "What follows when the reaper has walked an mm, whatever it freed.",
              ReapSuccess.class));
  public static final Knob REAPER_FAILURE =
      add(
          Knob.choice(
              "reaper.on_failure",
              "oom_reap_task()",
              "What follows when every attempt has failed.",
              ReapFailure.class));

  public static final Knob SELF_REAP =
      add(
          Knob.choice(
              "exit.self_reap",
              "exit_mmap(), __oom_reap_task_mm()",
              "Whether a victim's exit_mmap() first reaps its own mm.",
              SelfReap.class));
  public static final Knob EXIT_FENCE =
      add(
          Knob.choice(
              "exit.fence",
              "exit_mmap(), down_write(); up_write()",
              "Where a victim's exit_mmap() waits for a reaper at work.",
              Fence.class));
  public static final Knob EXIT_MMAP_LOCK =
      add(
          Knob.choice(
              "exit.mmap_lock",
              "exit_mmap(), mmap_write_lock()",
              "How exit_mmap() holds mmap_lock while it unmaps.",
              ExitLock.class));
  public static final Knob EXIT_MUNLOCK =
      add(
          Knob.flag(
              "exit.munlock",
              "munlock_vma_pages_all()",
              "Locked memory is unlocked in a pass of its own before it is unmapped."));
  public static final Knob EXIT_OOM_SKIP =
      add(
          Knob.choice(
              "exit.oom_skip",
              "MMF_OOM_SKIP",
              "Where the exit path tells the killer not to wait for this mm any longer.",
              OomSkip.class));
  public static final Knob EXIT_SKIP_OOM_LOCK =
      add(
          Knob.flag(
              "exit.skip_under_oom_lock",
              "__mmput(), mutex_lock(&oom_lock)",
              "A victim takes oom_lock to set MMF_OOM_SKIP at the end of __mmput()."));
  public static final Knob EXIT_HANDOVER =
      add(
          Knob.choice(
              "exit.handover",
              "exit_mmap(), 2018",
              "From where on the reaper leaves mm and MMF_OOM_SKIP to the exit path.",
              Handover.class));
  public static final Knob OOM_FREE_TIMEOUT =
      add(
          Knob.span(
              "exit.oom_free_timeout",
              "oom_free_timeout_ms",
              "How long a victim may take to give its memory back before the killer stops waiting;"
                  + " counts only with reaper.list: round_robin."));
  public static final Knob EXPIRY =
      add(
          Knob.choice(
              "exit.expiry",
              "time_after_eq(jiffies, mm->oom_free_expire)",
              "How the clock is compared with exit.oom_free_timeout.",
              Expiry.class));

  public static final Knob VICTIM_RESERVES =
      add(
          Knob.choice(
              "reserves.victim",
              "oom_reserves_allowed(), ALLOC_OOM",
              "What a victim may take below the min watermark.",
              VictimReserves.class));
  public static final Knob MODEST_RESERVES =
      add(
          Knob.count(
              "reserves.rt_nofail_percent",
              "ALLOC_HARDER, ALLOC_MIN_RESERVE",
              "Percent of the min watermark that must remain for real-time and must-not-fail"
                  + " requests.",
              0,
              100));
  public static final Knob RESERVES_ON_LIVELOCK =
      add(
          Knob.span(
              "reserves.on_livelock_after",
              "OOM_EXPIRE_MSECS",
              "When a victim is older than this, whoever waits for it may use all reserves."));

  public static final Knob THAW =
      add(
          Knob.choice(
              "freezer.thaw",
              "mark_oom_victim(), thaw_process()",
              "Which threads of a victim in a version 1 freezer are thawed.",
              Thaw.class));

  public static final Knob EVERY_THREAD_REGISTERS =
      add(
          Knob.flag(
              "futex.every_thread_registers",
              "set_robust_list()",
              "Every thread has told the kernel of a robust list, as glibc's do when they start; if"
                  + " not, only those that ever took a robust futex."));

  public static final Knob MEMCG_KILL =
      add(
          Knob.choice(
              "memcg.kill",
              "mem_cgroup_oom(), mem_cgroup_oom_synchronize()",
              "Where a memory cgroup's kill happens.",
              MemcgKill.class));
  public static final Knob MEMCG_RETRIES =
      add(
          Knob.count(
              "memcg.reclaim_retries",
              "MEM_CGROUP_RECLAIM_RETRIES, MAX_RECLAIM_RETRIES",
              "Reclaim passes of a charge before its cgroup is out of memory.",
              0,
              1000));
  public static final Knob MEMCG_NOTHING =
      add(
          Knob.choice(
              "memcg.nothing_to_kill",
              "try_charge_memcg()",
              "What happens to a charge when its cgroup has nobody left to kill.",
              MemcgNothing.class));
  public static final Knob MEMCG_DYING_EXCEEDS =
      add(
          Knob.flag(
              "memcg.dying_exceeds_limit",
              "try_charge(), should_force_charge()",
              "A dying task may charge over the limit."));
  public static final Knob MEMCG_RECHECK =
      add(
          Knob.flag(
              "memcg.recheck_margin",
              "mem_cgroup_out_of_memory(), mem_cgroup_margin()",
              "Having got oom_lock, look whether there is room by now before killing."));
  public static final Knob MEMCG_DYING_BYPASS =
      add(
          Knob.flag(
              "memcg.dying_bypass",
              "mem_cgroup_out_of_memory(), task_is_dying()",
              "A dying task's call ends before the killer: as progress, without a mark or a kill."));
  public static final Knob MEMCG_VICTIM_SEEN =
      add(
          Knob.choice(
              "memcg.victim_seen",
              "css_task_iter_advance(), CSS_TASK_ITER_WITH_DEAD",
              "Until when a cgroup's killer sees a victim and waits for it.",
              VictimSeen.class));
  public static final Knob MEMCG_HIDDEN_VICTIM =
      add(
          Knob.choice(
              "memcg.hidden_victim",
              "try_charge_memcg(), MMF_OOM_SKIP",
              "How a charge ends that a victim asks for whose memory is hidden from the killer.",
              HiddenVictim.class));

  public static final Knob RECLAIM_RETRIES =
      add(
          Knob.count(
              "alloc.reclaim_retries",
              "MAX_RECLAIM_RETRIES",
              "Passes without progress over memory that looks reclaimable before the OOM killer; 0:"
                  + " as long as any progress is made, without a count.",
              0,
              1000));
  public static final Knob RECLAIM_ESTIMATE_SHRINKS =
      add(
          Knob.flag(
              "alloc.reclaim_estimate_shrinks",
              "should_reclaim_retry()",
              "What looks reclaimable counts for less with every pass."));
  public static final Knob VICTIM_FAILS_EARLY =
      add(
          Knob.flag(
              "alloc.victim_fails_before_reclaim",
              "__alloc_pages_slowpath(), TIF_MEMDIE",
              "A marked thread's request fails before reclaim instead of after the OOM killer."));

  private Knobs() {}

  /** Which way an address space is walked. */
  public enum Direction {
    /** From low addresses to high. */
    FORWARD,
    /** From high addresses to low: 6.18 and later. */
    BACKWARD
  }

  private static Knob add(Knob knob) {
    ALL.add(knob);
    return knob;
  }

  /** Every knob, in order; a knob's position is its index in {@link Policy}. */
  public static List<Knob> all() {
    return java.util.Collections.unmodifiableList(ALL);
  }

  /** The knob at a path, of the kernel or of a daemon, or null. */
  public static @Nullable Knob byPath(String path) {
    for (Knob knob : ALL) {
      if (knob.path().equals(path)) {
        return knob;
      }
    }
    return DaemonKnobs.byPath(path);
  }
}
