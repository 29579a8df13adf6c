package org.oomlab.kernel.state;

import org.jspecify.annotations.Nullable;
import org.oomlab.engine.RandomStream;
import org.oomlab.workload.Step;

/** A thread: task_struct. */
public final class Task {
  /** What a thread is doing. */
  public enum State {
    /** In user space, or between two steps. */
    RUNNING,
    /** Asleep; a signal wakes it. */
    SLEEPING,
    /** Uninterruptible sleep: state D. */
    BLOCKED,
    /** Waiting for a mutex or an mmap_lock, uninterruptibly. */
    WAITING_LOCK,
    /** Waiting for a robust futex, interruptibly. */
    WAITING_FUTEX,
    /** In the page allocator. */
    ALLOCATING,
    /** In process_mrelease(). */
    RELEASING,
    /** On its way through do_exit(), or about to enter it. */
    EXITING,
    DEAD
  }

  /** Where in __alloc_pages_slowpath() of mm/page_alloc.c a request is. */
  public enum AllocPhase {
    ATTEMPT,
    /** A pass of reclaim is under way. */
    PASS,
    /** The pages of the last batch are being faulted in and zeroed. */
    BUSY,
    /** A reclaim pass of a memory cgroup. */
    MEMCG_PASS,
    /** Queued for oom_lock on behalf of a memory cgroup, or just given it. */
    MEMCG_LOCK,
    /** In a stall section, until some of what it reads is there. */
    READ,
    /** Waiting for the rest of what it reads. */
    READ_REST,
    /** Ahead of the pace at which it grows. */
    AHEAD,
    /** Held back by memory.high. */
    HIGH,
    /** In out_of_memory(), printing the report before the kill. */
    KILLING,
    /** Unmapping part of the victim it waits for. */
    REAPING
  }

  /** Where in do_exit() of kernel/exit.c, and exit_mmap() of mm/mmap.c, a thread is. */
  public enum ExitPhase {
    NONE,
    DO_EXIT,
    /** mmap_lock is held for reading: leave the mm. */
    EXIT_MM,
    /** exit_aio() is over: exit_mmap() begins. */
    EXIT_MMAP,
    /** oom_lock is held if the policy wants it: reap the own mm. */
    SELF_REAP,
    SELF_REAPED,
    /** mmap_lock is held for writing, only to have waited for readers. */
    FENCED,
    /** mmap_lock is held as the policy wants it. */
    LOCKED,
    MUNLOCKED,
    UNMAPPED,
    /** Nobody else is in the mm any more. */
    ALONE,
    PAGE_TABLES_FREED,
    /** The executable's file is dropped: the rest of __mmput(). */
    EXE_DROPPED,
    /** oom_lock is held if the policy wants it: the end of __mmput(). */
    MMPUT_DONE,
    SHARED_FREED
  }

  public final int id;
  public final Process process;
  public final Program program;
  final String name;

  /** The mapping that holds the head of this thread's robust list, or null. */
  public final @Nullable Vma robustListIn;

  /** What the program draws: sizes and times. */
  public final RandomStream choices = new RandomStream(0);

  /** What the machine draws on its behalf: latencies. */
  public final RandomStream latencies = new RandomStream(0);

  /** The walk this thread makes through an address space, as it exits or for another. */
  public final Walk walk;

  public State state = State.RUNNING;
  public int pc;

  /** When it last went on with its program, and how many steps it has done at that moment. */
  public long resumedNs;

  public int stepsAtOnce;
  public final long[] loops;

  public boolean killed;

  /** TIF_MEMDIE. */
  public boolean marked;

  /** PF_EXITING. */
  public boolean exiting;

  /** task->mm is not null. */
  public boolean hasMm;

  /** Held by a freezer. */
  public boolean frozen;

  /** To be held by it at the next return to user space. */
  public boolean freezeRequested;

  /** Its time came while it was frozen. */
  public boolean stepMissed;

  public int heldMutexes;
  public int heldFutexes;

  /** It has taken a robust futex, and so told the kernel of a robust list if it had not before. */
  public boolean usedRobustList;

  public long kernelPages;

  // The request in hand, if ALLOCATING.
  public AllocPhase allocPhase = AllocPhase.ATTEMPT;
  public Request request = Request.TOUCH;
  public Step.Gfp gfp = Step.Gfp.KERNEL;
  public int requestVma;
  public long wantPages;
  public long batchPages;
  public boolean countingDown;
  public long blockedSinceNs;

  /** It wants user pages, or did when it was killed. */
  public boolean growing;

  /** Pages a second at which it grows, or 0: as fast as it goes. */
  public long paceRate;

  public long paceSinceNs;
  public long pacedPages;

  public int noProgressLoops;

  /** When out_of_memory() last told it to wait or to try again, or -1. */
  public long toldToWaitNs;

  /** Whether that was about its cgroup. */
  public boolean toldByCgroup;

  public int memcgRetries;
  public boolean reservesGranted;

  /** The process whose exit the last OOM call told it to wait for, or NOBODY. */
  public int awaitedVictim;

  /** The charge has been through the OOM path of its cgroup: passed_oom of try_charge_memcg(). */
  public boolean passedMemcgOom;

  public boolean forceCharge;

  /** The last attempt already used the reserves of a victim. */
  public boolean triedReserves;

  /** For UNTIL_KILLED: pages wanted once the process is killed, and that process. */
  public long thenPages;

  public int untilProcess;

  /** The address space whose mmap_lock it holds for writing, or wants, and for how long. */
  public int heldMmap;

  public long holdNs;

  /** Pages it will unmap once it has that lock. */
  public long unmapPages;

  /** Counts satisfied requests, so that one can be told from the next. */
  public long satisfied;

  public ExitPhase exitPhase = ExitPhase.NONE;

  // Computing with memory that may have left: PageIn.

  /** What is left to compute, and how long the stretch is that is under way. */
  public long computeNs;

  public long stretchNs;

  /** Of the pages that it reads, the part that was part of the working set. */
  public double recentShare;

  /** When it will have read them all. */
  public long readDoneNs;

  /** In a stall section: psi_memstall_enter(). */
  public boolean stalls;

  // What the pressure files have been told of it.
  public int psiCpu = -1;
  public boolean psiRunnable;
  public boolean psiStalls;

  /** What a request asks for. */
  public enum Request {
    /** User pages, each a request of its own. */
    TOUCH,
    /** Kernel pages, one request. */
    ALLOC,
    /** User pages, taken the instant they are free, one request. */
    DRAIN,
    /** Pages of its own that have left memory, one request. */
    FAULT,
    /** Kernel pages until a process is killed and then so many more, one request. */
    UNTIL_KILLED
  }

  Task(
      int id,
      Process process,
      Program program,
      String name,
      @Nullable Vma robustListIn,
      Walk walk) {
    this.id = id;
    this.process = process;
    this.program = program;
    this.name = name;
    this.robustListIn = robustListIn;
    this.walk = walk;
    this.loops = new long[program.loopDepth()];
  }

  void clear() {
    state = State.RUNNING;
    pc = 0;
    resumedNs = -1;
    stepsAtOnce = 0;
    killed = false;
    marked = false;
    exiting = false;
    hasMm = process.mm != null;
    frozen = false;
    freezeRequested = false;
    stepMissed = false;
    heldMutexes = 0;
    heldFutexes = 0;
    usedRobustList = false;
    kernelPages = 0;
    allocPhase = AllocPhase.ATTEMPT;
    request = Request.TOUCH;
    gfp = Step.Gfp.KERNEL;
    requestVma = 0;
    wantPages = 0;
    batchPages = 0;
    countingDown = false;
    blockedSinceNs = -1;
    growing = false;
    paceRate = 0;
    paceSinceNs = 0;
    pacedPages = 0;
    noProgressLoops = 0;
    toldToWaitNs = -1;
    toldByCgroup = false;
    memcgRetries = 0;
    reservesGranted = false;
    awaitedVictim = Machine.NOBODY;
    passedMemcgOom = false;
    forceCharge = false;
    triedReserves = false;
    thenPages = 0;
    untilProcess = Machine.NOBODY;
    heldMmap = Machine.NOBODY;
    holdNs = 0;
    unmapPages = 0;
    satisfied = 0;
    exitPhase = ExitPhase.NONE;
    computeNs = 0;
    stretchNs = 0;
    recentShare = 0;
    readDoneNs = 0;
    stalls = false;
    psiCpu = -1;
    psiRunnable = false;
    psiStalls = false;
    walk.clear();
  }

  void copyFrom(Task that) {
    choices.copyFrom(that.choices);
    latencies.copyFrom(that.latencies);
    state = that.state;
    pc = that.pc;
    resumedNs = that.resumedNs;
    stepsAtOnce = that.stepsAtOnce;
    System.arraycopy(that.loops, 0, loops, 0, loops.length);
    killed = that.killed;
    marked = that.marked;
    exiting = that.exiting;
    hasMm = that.hasMm;
    frozen = that.frozen;
    freezeRequested = that.freezeRequested;
    stepMissed = that.stepMissed;
    heldMutexes = that.heldMutexes;
    heldFutexes = that.heldFutexes;
    usedRobustList = that.usedRobustList;
    kernelPages = that.kernelPages;
    allocPhase = that.allocPhase;
    request = that.request;
    gfp = that.gfp;
    requestVma = that.requestVma;
    wantPages = that.wantPages;
    batchPages = that.batchPages;
    countingDown = that.countingDown;
    blockedSinceNs = that.blockedSinceNs;
    growing = that.growing;
    paceRate = that.paceRate;
    paceSinceNs = that.paceSinceNs;
    pacedPages = that.pacedPages;
    noProgressLoops = that.noProgressLoops;
    toldToWaitNs = that.toldToWaitNs;
    toldByCgroup = that.toldByCgroup;
    memcgRetries = that.memcgRetries;
    reservesGranted = that.reservesGranted;
    awaitedVictim = that.awaitedVictim;
    passedMemcgOom = that.passedMemcgOom;
    forceCharge = that.forceCharge;
    triedReserves = that.triedReserves;
    thenPages = that.thenPages;
    untilProcess = that.untilProcess;
    heldMmap = that.heldMmap;
    holdNs = that.holdNs;
    unmapPages = that.unmapPages;
    satisfied = that.satisfied;
    exitPhase = that.exitPhase;
    computeNs = that.computeNs;
    stretchNs = that.stretchNs;
    recentShare = that.recentShare;
    readDoneNs = that.readDoneNs;
    stalls = that.stalls;
    psiCpu = that.psiCpu;
    psiRunnable = that.psiRunnable;
    psiStalls = that.psiStalls;
    walk.copyFrom(that.walk);
  }

  public boolean isBlockedOnMemory() {
    return blockedSinceNs >= 0;
  }

  @Override
  public String toString() {
    return name;
  }
}
