package org.oomlab.intake;

import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.oomlab.intake.Sighting.Kind;
import org.oomlab.intake.Unwrapper.Line;

/**
 * Reads the lines of programs that kill for lack of memory before the kernel must, of those that
 * tell what the kernel has killed of theirs, and what the kernel says between its reports.
 *
 * <p>Each form is that of the program's source, named at the pattern. Whom it is about and why are
 * groups, and every repetition in a pattern has a bound.
 */
final class KillerLine {
  /** A form of line. */
  private record Form(String word, Pattern pattern, BiFunction<Matcher, Line, Sighting> reader) {}

  private static final String NAME = "[^\\n]{0,300}?";

  private static final Form[] FORMS = {
    // systemd-oomd: oomd_cgroup_kill() and its callers in src/oom/oomd-manager.c, from 248 on.
    form(
        "due to ",
        "systemd-oomd\\[\\d{1,10}\\]: (?:Killed|Marked) (\\S{1,4096}) (?:for killing )?due to ("
            + NAME
            + ")$",
        Kind.KILL,
        "systemd-oomd"),
    // Facebook's oomd: BaseKillPlugin::logKill() and its old form.
    form(
        "oomd kill:",
        "oomd kill: (?:[-0-9.]{1,20} ){3}(\\S{1,4096}) \\d{1,10} ruleset:\\[(" + NAME + ")\\]",
        Kind.KILL,
        "oomd"),
    // earlyoom: kill_process() of kill.c.
    pid(
        "sending SIG",
        "earlyoom\\[?\\d{0,10}\\]?: sending SIG(?:TERM|KILL) to process (\\d{1,10}) (?:uid \\d{1,10} )?"
            + "\"("
            + NAME
            + ")\":? ?("
            + NAME
            + ")$",
        "earlyoom"),
    // nohang: "Sending SIGTERM to the victim" comes with the reason before; name and pid follow.
    pid(
        "Sending SIG",
        "nohang[^:]{0,40}: Sending SIG(?:TERM|KILL) to .{0,60}?[Pp][Ii][Dd]:? ?(\\d{1,10})[,)]? ?"
            + "(?:[Nn]ame:? ?)?\"?("
            + NAME
            + ")\"?()$",
        "nohang"),
    // lmkd: kill_one_process() of system/memory/lmkd/lmkd.cpp.
    new Form(
        ": Kill",
        Pattern.compile(
            "(?:lowmemorykiller|lmkd)[^:]{0,20}: Kill(?:ing)? '("
                + NAME
                + ")' \\((\\d{1,10})\\)(?:.{0,200}?reason: ("
                + NAME
                + ")$|(.{0,200})$)"),
        (m, line) ->
            at(
                line,
                Kind.KILL,
                "lmkd",
                m.group(1),
                Text.leading(m.group(2), 0),
                m.group(3) != null ? m.group(3) : text(m.group(4)))),
    // Talos: OOMController of internal/app/machined/pkg/controllers/runtime.
    form(
        "Sending SIGKILL to cgroup",
        "\\[talos\\] Sending SIGKILL to cgroup .{0,300}?\"cgroup\": ?\"([^\"]{1,4096})\"()",
        Kind.KILL,
        "talos"),
    // The kubelet: eviction_manager.go, with klog's keys from 1.19 on, and the events that it
    // makes.
    form(
        "evicted successfully",
        "[Ee]viction manager: (?=pod is evicted successfully).{0,60}? pod=\\\\?\"([^\"\\\\ ]{1,300})()",
        Kind.KILL,
        "kubelet"),
    form(
        "evict",
        "[Ee]viction manager: (?:pod|Pod) \"?([^\" ]{1,300})\"? (?:is )?(evicted[^\\n]{0,200})",
        Kind.KILL,
        "kubelet"),
    form(
        "low on resource: memory",
        "(?:pod/|Pod )?([a-z0-9][a-z0-9./-]{0,250})? {0,40}(The node was low on resource: memory[^\\n]{0,300})",
        Kind.KILL,
        "kubelet"),
    // containerd and cri-o, the kubelet and docker, about what the kernel has killed.
    form(
        "TaskOOM",
        "TaskOOM event.{0,40}?(?:container_id:|ContainerID:|for container )\\\\?\"?([0-9a-f]{12,64})()",
        Kind.LOSS,
        "containerd"),
    form(
        "OOMKilled",
        "(?:^|[ ,{])(?:Container|container|pod/|name[=:])? ?\"?([\\w./-]{0,250}?)\"?[ ,:]{0,10}"
            + "(?:Reason:|reason:|\"reason\":) {0,40}\"?(OOMKilled)",
        Kind.LOSS,
        "kubelet"),
    form(
        "System OOM encountered",
        "(System) OOM encountered, (victim process: [^\\n]{0,200})",
        Kind.LOSS,
        "kubelet"),
    // systemd: service_notify_cgroup_oom_event() and unit_check_oomd_kill() of src/core.
    form(
        "oomd killed",
        "systemd\\[\\d{1,10}\\]: (\\S{1,300}): (systemd-oomd killed [^\\n]{0,100})",
        Kind.LOSS,
        "systemd"),
    form(
        "by the OOM killer",
        "systemd\\[\\d{1,10}\\]: (\\S{1,300}): (A process of this unit has been killed by the OOM"
            + " killer)",
        Kind.LOSS,
        "systemd"),
    form(
        "oom-kill'",
        "systemd\\[\\d{1,10}\\]: (\\S{1,300}): (Failed with result 'oom-kill')",
        Kind.LOSS,
        "systemd"),
    // The kernel: warn_alloc() of mm/page_alloc.c, its stall lines, khungtaskd, printk.
    form(
        "page allocation failure",
        "^(.{1,64}?): (page allocation failure[:.][^\\n]{0,200})",
        Kind.ALLOCATION_FAILURE,
        "kernel"),
    form(
        "page allocation stall",
        "^(.{1,64}?): (page allocation stalls? for [^\\n]{0,100})",
        Kind.STALL,
        "kernel"),
    form(
        "blocked for more than",
        "INFO: task (.{1,80}?) (blocked (?:in I/O wait )?for more than \\d{1,10} seconds)",
        Kind.HUNG_TASK,
        "kernel"),
    form(
        "printk messages dropped",
        "()(\\*\\* \\d{1,12} printk messages dropped \\*\\*)",
        Kind.DROPPED,
        "kernel"),
    form(
        "callbacks suppressed",
        "^(\\S{1,80}): (\\d{1,12} callbacks suppressed)",
        Kind.DROPPED,
        "kernel"),
    form(
        "kernel messages",
        "()([Mm]issed \\d{1,12} kernel messages)",
        Kind.DROPPED,
        "systemd-journald"),
    form(
        "messages from",
        "()(Suppressed \\d{1,12} messages from [^\\n]{0,200})",
        Kind.DROPPED,
        "systemd-journald"),
    form(
        "messages lost",
        "()([^\\n]{0,60}\\d{1,12} messages lost[^\\n]{0,60})",
        Kind.DROPPED,
        "rsyslog"),
  };

  private KillerLine() {}

  private static Form form(String word, String pattern, Kind kind, String by) {
    return new Form(
        word,
        Pattern.compile(pattern),
        (m, line) -> at(line, kind, by, text(m.group(1)), OomReport.UNKNOWN, text(m.group(2))));
  }

  private static Form pid(String word, String pattern, String by) {
    return new Form(
        word,
        Pattern.compile(pattern),
        (m, line) ->
            at(line, Kind.KILL, by, m.group(2), Text.leading(m.group(1), 0), text(m.group(3))));
  }

  private static String text(@Nullable String group) {
    return group == null ? "" : group.replaceFirst("^[, ]+", "").strip();
  }

  private static Sighting at(Line line, Kind kind, String by, String whom, long pid, String why) {
    return new Sighting(line.number(), line.time(), line.host(), kind, by, whom, pid, why);
  }

  /**
   * What a line says that has to do with the lack of memory and is no part of a report, or null.
   * Only the beginning of a long one is looked at.
   */
  static @Nullable Sighting of(Line line) {
    String text = line.text();
    text = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    for (Form form : FORMS) {
      if (text.contains(form.word())) {
        Matcher matcher = form.pattern().matcher(text);
        if (matcher.find()) {
          return form.reader().apply(matcher, line);
        }
      }
    }
    return null;
  }

  private static final int LONGEST = 1 << 12;
}
