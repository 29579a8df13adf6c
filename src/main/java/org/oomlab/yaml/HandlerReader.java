package org.oomlab.yaml;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.oomlab.handler.Handler;
import org.oomlab.handler.Handler.Action;
import org.oomlab.unit.Bytes;
import org.oomlab.unit.Span;
import org.oomlab.yaml.tree.Fields;
import org.oomlab.yaml.tree.Value;
import org.oomlab.yaml.tree.YamlText;

/** Reads and writes the {@code handlers:} of a policy. */
final class HandlerReader {
  private static final long USUAL_RUN_NS = 10_000;

  private HandlerReader() {}

  static List<Handler> read(Value value) {
    List<Handler> handlers = value.list(HandlerReader::handler);
    if (handlers.size() > Handler.MOST) {
      value.problem("at most " + Handler.MOST + " handlers, found " + handlers.size());
      return List.of();
    }
    return handlers;
  }

  private static Handler handler(Value value) {
    Fields fields = value.fields();
    String name = fields.require("name", "", Value::name);
    String cgroup = fields.get("cgroup", "", Value::text);
    Action action = fields.require("do", Action.DECLINE, does -> does.choice(Action.class));
    Value promised = fields.find("promise");
    if (promised != null && action != Action.PROMISE) {
      promised.problem("says nothing of a handler that does not promise anything");
    }
    if (promised == null && action == Action.PROMISE && value.isMap()) {
      value.problem("promise is missing: for how long memory is said to be on its way");
    }
    Value by = fields.find("by");
    if (by != null && action != Action.KILL_TASK && action != Action.KILL_CGROUP) {
      by.problem("says nothing of a handler that kills nobody");
    }
    Handler handler =
        new Handler(
            name,
            cgroup.equals("/") ? "" : cgroup,
            action,
            by == null ? Handler.By.BADNESS : by.choice(Handler.By.class),
            fields.choice("in_flight", Handler.InFlight.DECLINE),
            fields.size("usage_above", -1),
            promised == null ? 0 : promised.span(),
            fields.span("takes", USUAL_RUN_NS));
    fields.end();
    return handler;
  }

  /** Writes them so that they are read back as the same. */
  static void write(StringBuilder out, List<Handler> handlers) {
    out.append("handlers:\n");
    for (Handler handler : handlers) {
      Map<String, String> keys = new java.util.LinkedHashMap<>();
      keys.put("name", YamlText.quote(handler.name()));
      if (!handler.cgroup().isEmpty()) {
        keys.put("cgroup", YamlText.quote(handler.cgroup()));
      }
      keys.put("do", word(handler.action()));
      if (handler.action() == Action.KILL_TASK || handler.action() == Action.KILL_CGROUP) {
        keys.put("by", word(handler.by()));
      }
      keys.put("in_flight", word(handler.inFlight()));
      if (handler.usageAbove() >= 0) {
        keys.put("usage_above", Bytes.format(handler.usageAbove()));
      }
      if (handler.action() == Action.PROMISE) {
        keys.put("promise", Span.format(handler.promiseNs()));
      }
      keys.put("takes", Span.format(handler.runNs()));
      out.append("  - ").append(YamlText.mapping(keys)).append('\n');
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
