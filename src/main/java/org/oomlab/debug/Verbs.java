package org.oomlab.debug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.oomlab.debug.Verb.Takes;
import org.oomlab.report.Page;

/** All that can be said to a {@link Debugger}, in the order of the manual. */
public final class Verbs {
  private static final long LINES = 20;
  private static final int DUE = 20;
  private static final long MOST_WIDTH = 10_000;

  private Verbs() {}

  /** All of them. */
  public static List<Verb> all() {
    List<Verb> verbs = new ArrayList<>();
    forward(verbs);
    backward(verbs);
    stops(verbs);
    looks(verbs);
    whatIf(verbs);
    return List.copyOf(verbs);
  }

  /** The words of expressions, as they are written, with what they mean. */
  public static Map<String, String> vocabulary() {
    Map<String, String> words = new LinkedHashMap<>();
    Vocabulary.all().forEach(word -> words.put(word.usage(), word.doc()));
    return words;
  }

  private static void forward(List<Verb> verbs) {
    verbs.add(
        new Verb(
            "step",
            "[N]",
            Takes.COUNT,
            "Let the next event happen, or the next N.",
            (debugger, words, page) -> debugger.step(page, count(words, 1))));
    verbs.add(
        new Verb(
            "next",
            "[KIND] [NAME]",
            Takes.EVENT,
            "Go on to the next thing that changes something: of this kind (kill, skip, reap, exit,"
                + " stall, wake, panic, lock, futex, oom, or a tracepoint), or to somebody.",
            (debugger, words, page) -> debugger.next(page, words)));
    verbs.add(
        new Verb(
            "until",
            "TIME|EXPRESSION",
            Takes.EXPRESSION,
            "Go on to a time, counted from the first OOM call, or until an expression is true.",
            (debugger, words, page) ->
                debugger.until(page, text(words, "a time or an expression"))));
    verbs.add(none("run", "Go on to the end of the episode, or to a breakpoint.", Debugger::run));
  }

  private static void backward(List<Verb> verbs) {
    verbs.add(
        new Verb(
            "back",
            "[N]|KIND|NAME",
            Takes.EVENT,
            "Go back by an event, by N, or to the last thing of this kind, or to somebody.",
            (debugger, words, page) -> {
              if (words.isEmpty() || words.size() == 1 && words.get(0).matches("[0-9]+")) {
                debugger.back(page, count(words, 1));
              } else {
                debugger.backTo(page, words);
              }
            }));
    verbs.add(
        new Verb(
            "rewind",
            "[SPAN]",
            Takes.SPAN,
            "Go back by a time, or to the beginning.",
            (debugger, words, page) -> debugger.rewind(page, optional(words))));
    verbs.add(
        new Verb(
            "goto",
            "TIME|event N|kill N|MARK|start|end",
            Takes.PLACE,
            "Go there, forward or back. Times are counted from the first OOM call; after goto kill"
                + " N, back leads to the moment before it.",
            (debugger, words, page) -> debugger.go(page, words)));
    verbs.add(
        new Verb(
            "last",
            "EXPRESSION",
            Takes.EXPRESSION,
            "Go back to the last moment at which an expression was true.",
            (debugger, words, page) -> debugger.last(page, text(words, "an expression"))));
  }

  private static void stops(List<Verb> verbs) {
    verbs.add(
        new Verb(
            "break",
            "on KIND|NAME, or if EXPRESSION",
            Takes.EVENT,
            "From now on, stop on the way forward where something happens, or where an expression"
                + " becomes true.",
            Verbs::setBreak));
    verbs.add(
        new Verb(
            "watch",
            "EXPRESSION",
            Takes.EXPRESSION,
            "From now on, stop on the way forward where the value changes.",
            (debugger, words, page) -> debugger.watch(page, text(words, "an expression"))));
    verbs.add(none("breaks", "List the breakpoints.", Debugger::listBreakpoints));
    verbs.add(
        new Verb(
            "delete",
            "[N]",
            Takes.COUNT,
            "Forget breakpoint N, or all.",
            (debugger, words, page) -> debugger.delete(page, optional(words))));
    verbs.add(
        new Verb(
            "mark",
            "NAME",
            Takes.NEW_NAME,
            "Give this moment a name, so that goto finds it.",
            (debugger, words, page) -> debugger.mark(page, one(words, "a name"))));
    verbs.add(none("marks", "List the marks.", Debugger::listMarks));
  }

  private static void setBreak(Debugger debugger, List<String> words, Page page) {
    String how = words.isEmpty() ? "" : words.get(0);
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    switch (how) {
      case "on" -> debugger.breakOn(page, rest);
      case "if" -> debugger.breakIf(page, text(rest, "an expression"));
      default ->
          throw new Mistake(
              "expected 'break on' and what happens, or 'break if' and an expression");
    }
  }

  private static void looks(List<Verb> verbs) {
    verbs.add(none("where", "Say which moment this is, and what happened last.", Debugger::where));
    verbs.add(
        new Verb(
            "ps",
            "[NAME]",
            Takes.PROCESS,
            "Show who does what and waits for what, what they hold, their badness with its terms,"
                + " or why they may not be chosen.",
            (debugger, words, page) ->
                debugger
                    .views(page)
                    .processes(
                        words.isEmpty() ? -1 : debugger.cast().process(one(words, "a process")))));
    verbs.add(
        new Verb(
            "mm",
            "NAME",
            Takes.PROCESS,
            "Show an address space: mappings, page tables, flags.",
            (debugger, words, page) ->
                debugger.views(page).mm(debugger.cast().process(one(words, "a process")))));
    verbs.add(
        none(
            "zone",
            "Show free memory, the watermarks and reserves, and whose requests are blocked.",
            (debugger, page) -> debugger.views(page).zone()));
    verbs.add(
        none(
            "cgroups",
            "Show what cgroups hold, and their limits.",
            (debugger, page) -> debugger.views(page).cgroups()));
    verbs.add(
        none(
            "locks",
            "Show who holds which lock and who waits for it, and the circle if they are in one.",
            (debugger, page) -> debugger.views(page).locks()));
    verbs.add(
        none(
            "futexes",
            "Show who holds which robust futex, and which are broken.",
            (debugger, page) -> debugger.views(page).futexes()));
    verbs.add(
        none(
            "reaper",
            "Show what the reaper is at, and who is next.",
            (debugger, page) -> debugger.views(page).reaper()));
    verbs.add(
        new Verb(
            "pending",
            "[N]",
            Takes.COUNT,
            "Show what is due, when, and for whom: the next " + DUE + ", or N.",
            (debugger, words, page) ->
                debugger.views(page).pending((int) Math.min(1 << 30, count(words, DUE)))));
    verbs.add(
        none(
            "cpus",
            "Show who is on which processor, and who waits for one.",
            (debugger, page) -> debugger.views(page).cpus()));
    verbs.add(
        new Verb(
            "log",
            "[N]",
            Takes.COUNT,
            "Show the last " + LINES + " lines, or N, of what the kernel has logged so far.",
            (debugger, words, page) -> debugger.log(page, count(words, LINES))));
    verbs.add(
        none(
            "why",
            "Explain the last decision, or the kill that is to happen next: what was asked, who was"
                + " passed over and by which rule, and whether the kill is needed.",
            Debugger::why));
    verbs.add(
        new Verb(
            "timeline",
            "[WIDTH]",
            Takes.COUNT,
            "Show the whole branch as a chart, with a cursor at this moment: who does what, free"
                + " memory against the watermarks, and the moments that decide. It is as"
                + " wide as the terminal, or WIDTH characters.",
            (debugger, words, page) ->
                debugger.timeline(
                    page, (int) Math.min(MOST_WIDTH, count(words, debugger.width())))));
    verbs.add(
        new Verb(
            "print",
            "EXPRESSION",
            Takes.EXPRESSION,
            "Say what the value of an expression is.",
            (debugger, words, page) -> debugger.show(page, text(words, "an expression"))));
    verbs.add(none("words", "List the words of expressions.", Debugger::words));
  }

  private static void whatIf(List<Verb> verbs) {
    verbs.add(
        new Verb(
            "fork",
            "[NAME]",
            Takes.NEW_NAME,
            "Begin another branch here, in which things may be done by hand.",
            (debugger, words, page) -> debugger.fork(page, optional(words))));
    verbs.add(
        none(
            "veto",
            "Not the kill that is to happen next: it turns into a wait, and so does any other"
                + " until the request behind it is satisfied or ten seconds are over.",
            Debugger::veto));
    verbs.add(
        new Verb(
            "kill",
            "NAME",
            Takes.PROCESS,
            "Send SIGKILL to a process, as somebody at a console would.",
            (debugger, words, page) -> debugger.kill(page, one(words, "a process"))));
    verbs.add(
        new Verb(
            "set",
            "KNOB=VALUE",
            Takes.KNOB,
            "From here on the policy has another value for a knob.",
            (debugger, words, page) -> debugger.set(page, text(words, "KNOB=VALUE"))));
    verbs.add(
        new Verb(
            "thaw",
            "NAME",
            Takes.PROCESS,
            "Thaw a process that is frozen.",
            (debugger, words, page) -> debugger.thaw(page, one(words, "a process"))));
    verbs.add(
        new Verb(
            "release",
            "LOCK",
            Takes.LOCK,
            "Let whoever holds a mutex, a futex or mmap_lock(PROCESS) release it now.",
            (debugger, words, page) -> debugger.release(page, text(words, "a lock"))));
    verbs.add(none("undo", "Take back what was done last in this branch.", Debugger::undo));
    verbs.add(none("branches", "List the branches.", Debugger::listBranches));
    verbs.add(
        new Verb(
            "switch",
            "NAME",
            Takes.BRANCH,
            "Go to another branch, where one stood in it.",
            (debugger, words, page) -> debugger.switchTo(page, one(words, "a branch"))));
    verbs.add(
        new Verb(
            "diff",
            "[A] [B]",
            Takes.BRANCH,
            "Show where two branches part, and what follows from it: this one and the one it comes"
                + " from, this one and B, or A and B.",
            (debugger, words, page) -> debugger.diff(page, words)));
  }

  private static Verb none(String name, String doc, BiConsumer<Debugger, Page> action) {
    return new Verb(
        name,
        "",
        Takes.NOTHING,
        doc,
        (debugger, words, page) -> {
          if (!words.isEmpty()) {
            throw new Mistake(name + " takes nothing, and this is '" + words.get(0) + "'");
          }
          action.accept(debugger, page);
        });
  }

  private static long count(List<String> words, long otherwise) {
    String word = optional(words);
    return word.isEmpty() ? otherwise : Debugger.parseCount(word, 1);
  }

  private static String one(List<String> words, String what) {
    if (words.size() != 1) {
      throw new Mistake("expected " + what + (words.isEmpty() ? "" : ", and that alone"));
    }
    return words.get(0);
  }

  private static String optional(List<String> words) {
    if (words.size() > 1) {
      throw new Mistake("expected one word, and '" + words.get(1) + "' is another");
    }
    return words.isEmpty() ? "" : words.get(0);
  }

  /** What was written, with single blanks between the words. */
  private static String text(List<String> words, String what) {
    if (words.isEmpty()) {
      throw new Mistake("expected " + what);
    }
    return String.join(" ", words);
  }
}
