package org.oomlab.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The same report, whoever has written it down: nothing of it is lost. */
class LogFormsTest {
  /** Where and when something stands, which is another matter in each form. */
  private static final String[] PLACES = {
    "line",
    "time",
    "kills.line",
    "circumstances.host",
    "circumstances.lastLine",
    "circumstances.seconds",
    "circumstances.others"
  };

  /** What a line of the kernel becomes. */
  private interface Form {
    String of(int number, String line);
  }

  private static String seconds(int number) {
    return String.format(Locale.ROOT, "%5d.%06d", 90 + number / 100, number * 17 % 1_000_000);
  }

  private static String clock(int number) {
    return String.format(Locale.ROOT, "10:%02d:%02d", number / 60, number % 60);
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t");
  }

  private static Map<String, Form> forms() {
    Map<String, Form> forms = new LinkedHashMap<>();
    forms.put("bare", (n, line) -> line);
    forms.put("dmesg", (n, line) -> "[" + seconds(n) + "] " + line);
    forms.put("dmesg -T", (n, line) -> "[Tue Mar  4 " + clock(n) + " 2025] " + line);
    forms.put("dmesg -T in German", (n, line) -> "[Di M\u00e4r  4 " + clock(n) + " 2025] " + line);
    forms.put(
        "dmesg -T in Japanese", (n, line) -> "[\u706b  3\u6708  4 " + clock(n) + " 2025] " + line);
    forms.put("dmesg -d", (n, line) -> "[" + seconds(n) + " <    0.000017>] " + line);
    forms.put("dmesg --reltime", (n, line) -> "[  +0.000017] " + line);
    forms.put(
        "dmesg --time-format iso", (n, line) -> "2025-03-04T" + clock(n) + ",123456+01:00 " + line);
    forms.put("dmesg -x", (n, line) -> "kern  :warn  : [" + seconds(n) + "] " + line);
    forms.put(
        "dmesg -xT", (n, line) -> "kern  :err   : [Tue Mar  4 " + clock(n) + " 2025] " + line);
    forms.put("dmesg -r", (n, line) -> "<4>[" + seconds(n) + "] " + line);
    forms.put("dmesg -r in decimal facility", (n, line) -> "<12>[" + seconds(n) + "] " + line);
    forms.put("a thread's caller", (n, line) -> "[" + seconds(n) + "][ T1234] " + line);
    forms.put("a processor's caller", (n, line) -> "[" + seconds(n) + "][    C3] " + line);
    forms.put("caller after a level", (n, line) -> "<6>[" + seconds(n) + "][T1234] " + line);
    forms.put("caller alone", (n, line) -> "[T1234] " + line);
    forms.put("kmsg", (n, line) -> "4," + (900 + n) + "," + (9_000_000 + n) + ",-;" + line);
    forms.put(
        "kmsg with a caller",
        (n, line) -> "4," + n + "," + (9_000_000 + n) + ",-,caller=T12;" + line);
    forms.put("kmsg, continued", (n, line) -> "4," + n + "," + (9_000_000 + n) + ",c;" + line);
    forms.put("journalctl -k", (n, line) -> "Mar 04 " + clock(n) + " host kernel: " + line);
    forms.put(
        "journalctl -o short-full",
        (n, line) -> "Tue 2025-03-04 " + clock(n) + " CET host kernel: " + line);
    forms.put(
        "journalctl -o short-iso",
        (n, line) -> "2025-03-04T" + clock(n) + "+0100 host kernel: " + line);
    forms.put(
        "journalctl -o short-iso-precise",
        (n, line) -> "2025-03-04T" + clock(n) + ".123456+01:00 host kernel: " + line);
    forms.put(
        "journalctl -o short-monotonic", (n, line) -> "[" + seconds(n) + "] host kernel: " + line);
    forms.put(
        "journalctl -o short-unix",
        (n, line) ->
            "1741082400." + String.format(Locale.ROOT, "%06d", n) + " host kernel: " + line);
    forms.put(
        "journalctl -o with-unit",
        (n, line) -> "Tue 2025-03-04 " + clock(n) + " CET host init.scope[0]: kernel: " + line);
    forms.put(
        "journalctl -o json",
        (n, line) ->
            "{\"__CURSOR\":\"s=1;i="
                + n
                + "\",\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"PRIORITY\":\"4\",\"MESSAGE\":\""
                + json(line)
                + "\",\"_HOSTNAME\":\"host\"}");
    forms.put("journalctl -o export", (n, line) -> "MESSAGE=" + line);
    forms.put("journalctl -o json-pretty", (n, line) -> "\t\"MESSAGE\" : \"" + json(line) + "\",");
    forms.put(
        "syslog", (n, line) -> "Mar  4 " + clock(n) + " host kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "syslog in French",
        (n, line) -> "f\u00e9vr.  4 " + clock(n) + " host kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "rsyslog, high precision",
        (n, line) ->
            "2025-03-04T" + clock(n) + ".123456+01:00 host kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "rsyslog with a level",
        (n, line) ->
            "Mar  4 " + clock(n) + " host kern.warning kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "RFC 5424",
        (n, line) ->
            "<4>1 2025-03-04T"
                + clock(n)
                + ".123456+01:00 host kernel - - - ["
                + seconds(n)
                + "] "
                + line);
    forms.put(
        "RFC 5424 with a byte order mark",
        (n, line) ->
            "<4>1 2025-03-04T"
                + clock(n)
                + "Z host kernel - - [meta sequenceId=\""
                + n
                + "\"] \ufeff"
                + line);
    forms.put(
        "RFC 5424 without an uptime",
        (n, line) -> "<4>1 2025-03-04T" + clock(n) + "Z host kernel - - - " + line);
    forms.put(
        "RFC 3164 on the wire",
        (n, line) -> "<4>Mar  4 " + clock(n) + " host kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "busybox",
        (n, line) -> "Mar  4 " + clock(n) + " host kern.warn kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "OpenWrt",
        (n, line) ->
            "Tue Mar  4 " + clock(n) + " 2025 kern.warn kernel: [" + seconds(n) + "] " + line);
    forms.put("syslog-ng", (n, line) -> "Mar  4 " + clock(n) + " host kernel: kernel: " + line);
    forms.put("an epoch", (n, line) -> "1741082400 host [" + seconds(n) + "] " + line);
    forms.put(
        "docker",
        (n, line) ->
            "{\"log\":\"["
                + seconds(n)
                + "] "
                + json(line)
                + "\\n\",\"stream\":\"stdout\",\"time\":\"2025-03-04T10:00:00Z\"}");
    forms.put(
        "CRI",
        (n, line) ->
            "2025-03-04T" + clock(n) + ".123456789Z stdout F [" + seconds(n) + "] " + line);
    forms.put(
        "kubectl logs --timestamps",
        (n, line) -> "2025-03-04T" + clock(n) + ".123456789Z [" + seconds(n) + "] " + line);
    forms.put(
        "kubectl logs --prefix",
        (n, line) -> "[pod/monitor-x2x/dmesg] [" + seconds(n) + "] " + line);
    forms.put("docker compose", (n, line) -> "monitor-1  | [" + seconds(n) + "] " + line);
    forms.put(
        "GKE",
        (n, line) ->
            "{\"insertId\":\"x"
                + n
                + "\",\"jsonPayload\":{\"MESSAGE\":\""
                + json(line)
                + "\",\"SYSLOG_IDENTIFIER\":\"kernel\"},\"resource\":{\"type\":\"k8s_node\"}}");
    forms.put(
        "GKE text",
        (n, line) ->
            "{\"textPayload\":\"["
                + seconds(n)
                + "] "
                + json(line)
                + "\",\"severity\":\"WARNING\"}");
    forms.put(
        "Cloud Logging, of a serial console",
        (n, line) ->
            "  {\n    \"textPayload\": \"["
                + seconds(n)
                + "] "
                + json(line)
                + "\\\\r\\\\n\",\n    \"insertId\": \"7\",\n    \"resource\": {\n"
                + "      \"type\": \"gce_instance\"\n    }\n  },");
    forms.put(
        "CloudWatch",
        (n, line) ->
            "{\"timestamp\":1741082400000,\"message\":\"Mar  4 "
                + clock(n)
                + " host kernel: ["
                + seconds(n)
                + "] "
                + json(line)
                + "\",\"ingestionTime\":1741082400001}");
    forms.put(
        "CloudWatch tail",
        (n, line) ->
            "2025-03-04T"
                + clock(n)
                + ".000Z ip-10-0-0-1 Mar  4 "
                + clock(n)
                + " host kernel: ["
                + seconds(n)
                + "] "
                + line);
    forms.put(
        "fluent-bit",
        (n, line) ->
            "["
                + n
                + "] kmsg.0: [[1741082400.000000000, {}], {\"priority\"=>4, \"sequence\"=>"
                + n
                + ", \"msg\"=>\""
                + json(line)
                + "\"}]");
    forms.put(
        "Elasticsearch",
        (n, line) ->
            "{\"@timestamp\":\"2025-03-04T10:00:00Z\",\"host\":{\"name\":\"host\"},\"message\":\""
                + json(line)
                + "\"}");
    forms.put(
        "logcat",
        (n, line) ->
            "03-04 " + clock(n) + ".123     0     0 W kernel  : [" + seconds(n) + "] " + line);
    forms.put(
        "logcat -v year",
        (n, line) -> "2025-03-04 " + clock(n) + ".123     0     0 W kernel  : " + line);
    forms.put("logcat brief", (n, line) -> "W/kernel  (    0): [" + seconds(n) + "] " + line);
    forms.put("MediaTek", (n, line) -> "<4>[" + seconds(n) + "]  (2)[1234:agent]" + line);
    forms.put("Samsung", (n, line) -> "<4>[" + seconds(n) + "] I[2:          agent: 1234] " + line);
    forms.put("Qualcomm", (n, line) -> "[" + seconds(n) + "] c2   1234 " + line);
    forms.put("Samsung's televisions", (n, line) -> "[2-" + seconds(n).strip() + "] " + line);
    forms.put("Amlogic", (n, line) -> "[" + seconds(n) + "@2] " + line);
    forms.put(
        "HiSilicon", (n, line) -> "[" + seconds(n) + "s][pid:2411,cpu3,Web Content: co]" + line);
    forms.put(
        "MediaTek, since 5.x",
        (n, line) -> "<4>[" + seconds(n) + "][T1234] [name:oom_kill&]" + line);
    forms.put(
        "Talos", (n, line) -> "kern: warning: [2025-03-04T" + clock(n) + ".913975631Z]: " + line);
    forms.put(
        "VMware, of a guest",
        (n, line) ->
            "2025-03-04T"
                + clock(n)
                + ".127Z In(05) vcpu-5 - Guest: <6>["
                + seconds(n)
                + "] "
                + line);
    forms.put("a daemon without a name", (n, line) -> "Mar  4 10:00:00 2025 kernel: : " + line);
    forms.put(
        "journalctl -o verbose",
        (n, line) ->
            "Tue 2025-03-04 "
                + clock(n)
                + ".123456 CET [s=1;i="
                + n
                + "]\n    _TRANSPORT=kernel\n    MESSAGE="
                + line);
    forms.put("numbered", (n, line) -> "  " + (n + 1) + ". <4>[" + seconds(n) + "] " + line);
    forms.put(
        "columns with commas between them",
        (n, line) -> "\"Mar 4, 2025 @ 10:00:00.000\",\"" + line.replace("\"", "\"\"") + "\"");
    forms.put(
        "quoted-printable, line feeds as well",
        (n, line) -> "[" + seconds(n) + "] " + line.replace("=", "=3D") + "=0A=");
    forms.put(
        "quoted-printable",
        (n, line) -> {
          String encoded = ("[" + seconds(n) + "] " + line).replace("=", "=3D");
          int half = encoded.indexOf(' ', encoded.length() / 2) + 1;
          return encoded.substring(0, half) + "=\n" + encoded.substring(half);
        });
    forms.put(
        "a serial console in colours",
        (n, line) -> "\u001b[0m[" + seconds(n) + "] " + line + "\u001b[0m");
    forms.put(
        "dmesg in colours",
        (n, line) -> "\u001b[32m[" + seconds(n) + "] \u001b[0m\u001b[31m" + line + "\u001b[0m");
    forms.put(
        "journalctl in colours",
        (n, line) ->
            "Mar 04 "
                + clock(n)
                + " host kernel: \u001b[0;1;31m\u001b[0;1;39m\u001b[0;1;31m"
                + line
                + "\u001b[0m");
    forms.put("carriage returns", (n, line) -> "[" + seconds(n) + "] " + line + "\r");
    forms.put("quoted in mail", (n, line) -> "> >> [" + seconds(n) + "] " + line);
    forms.put("quoted by name", (n, line) -> "JD> [" + seconds(n) + "] " + line);
    forms.put("indented", (n, line) -> "\t    [" + seconds(n) + "] " + line);
    forms.put("grep -n", (n, line) -> (n + 77) + ":[" + seconds(n) + "] " + line);
    forms.put(
        "grep -H",
        (n, line) ->
            "/var/log/kern.log:Mar  4 " + clock(n) + " host kernel: [" + seconds(n) + "] " + line);
    forms.put(
        "grep of rotated logs",
        (n, line) -> "kern.log.1:" + n + ":Mar  4 " + clock(n) + " host kernel: " + line);
    forms.put(
        "cat -n", (n, line) -> String.format(Locale.ROOT, "%6d\t[%s] %s", n + 1, seconds(n), line));
    forms.put("ts", (n, line) -> "Mar 04 " + clock(n) + " [" + seconds(n) + "] " + line);
    forms.put(
        "a serial console of a farm",
        (n, line) -> "2025-03-04 " + clock(n) + " | [" + seconds(n) + "] " + line);
    forms.put("ansible", (n, line) -> "        \"[" + seconds(n) + "] " + json(line) + "\",");
    forms.put("a list of Markdown", (n, line) -> "- `[" + seconds(n) + "] " + line + "`");
    forms.put("a table of Markdown", (n, line) -> "    [" + seconds(n) + "] " + line + "  ");
    forms.put(
        "HTML",
        (n, line) ->
            "["
                + seconds(n)
                + "] "
                + line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                + "<br>");
    forms.put("somebody's own", (n, line) -> "{node-7} #" + n + " kmsg>>> " + line);
    forms.put("Python's logging", (n, line) -> "WARNING:console:" + line);
    return forms;
  }

  /** Forms whose prefix is not known to the reader. */
  private static final List<String> OWN = List.of("somebody's own", "Python's logging");

  private static OomReport read(String log) throws IOException {
    List<OomReport> events = new ArrayList<>();
    OomLog.read(
        new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)), events::add, events::add);
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static String in(Form form, String log) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (String line : log.lines().toList()) {
      text.append(form.of(number++, line)).append('\n');
    }
    return text.toString();
  }

  @TestFactory
  Stream<DynamicTest> saysTheSame() {
    return Stream.of("6.8-global.txt", "5.15-memcg.txt", "4.4-global.txt", "3.10-memcg.txt")
        .flatMap(
            name ->
                forms().entrySet().stream()
                    .map(
                        form ->
                            DynamicTest.dynamicTest(
                                name + ", " + form.getKey(),
                                () -> sameFacts(name, form.getKey(), form.getValue()))));
  }

  /** A whole log may be one line, or each of its lines two. */
  @TestFactory
  Stream<DynamicTest> saysTheSameAsAWhole() {
    Map<String, java.util.function.UnaryOperator<String>> wholes = new LinkedHashMap<>();
    wholes.put("a string of JSON", log -> "\"" + json(log).replace("\n", "\\n") + "\"");
    wholes.put(
        "an answer in JSON",
        log -> "{\"stdout\": \"" + json(log).replace("\n", "\\n") + "\", \"rc\": 0}");
    wholes.put(
        "a list of objects",
        log ->
            log.lines()
                .map(line -> "{\"MESSAGE\":\"" + json(line) + "\",\"PRIORITY\":\"4\"}")
                .collect(java.util.stream.Collectors.joining(",", "[", "]")));
    wholes.put("with a byte order mark", log -> "\ufeff" + log);
    wholes.put("tabs", log -> log.replaceAll(" {2,}", "\t"));
    wholes.put(
        "each line twice",
        log -> log.replaceAll("(?m)^(.+)$", "Mar  4 10:00:00 host kernel: $1\n[   12.345678] $1"));
    wholes.put(
        "in the console's log and then in the daemon's",
        log -> log + log.replaceAll("(?m)^", "Mar  4 10:00:00 host kernel: "));
    return wholes.entrySet().stream()
        .map(
            whole ->
                DynamicTest.dynamicTest(
                    whole.getKey(),
                    () -> {
                      String log =
                          new String(OomLogTest.log("6.8-global.txt"), StandardCharsets.UTF_8);
                      assertThat(read(whole.getValue().apply(log)))
                          .usingRecursiveComparison()
                          .ignoringFields(PLACES)
                          .isEqualTo(read(log));
                    }));
  }

  private static void sameFacts(String name, String kind, Form form) throws IOException {
    String log = new String(OomLogTest.log(name), StandardCharsets.UTF_8);
    OomReport expected = read(log);
    OomReport report = read(in(form, log));

    assertThat(expected.tasks()).isNotEmpty();
    // Behind a prefix that nobody knows, "file 1351680" is not known for a counter of a cgroup.
    String[] ignored =
        OWN.contains(kind)
            ? Stream.concat(Stream.of(PLACES), Stream.of("circumstances.cgroup"))
                .toArray(String[]::new)
            : PLACES;
    assertThat(report).usingRecursiveComparison().ignoringFields(ignored).isEqualTo(expected);
  }
}
