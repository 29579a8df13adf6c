package org.oomlab.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.oomlab.cli.session.SubCommand;
import org.oomlab.debug.Verb;
import org.oomlab.debug.Verbs;
import org.oomlab.experiment.Metric;
import org.oomlab.policy.Knob;
import org.oomlab.policy.Knobs;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes those parts of the manual pages that say again what the program says itself. The rest is
 * written by hand, in the same files.
 */
final class ManPages {
  private static final Pattern REGION =
      Pattern.compile("(?ms)^(\\.\\\\\" BEGIN (\\w+)\n).*?^(\\.\\\\\" END \\2\n)");

  /** Options of every command are ordered behind those of its own. */
  private static final int COMMON = 100;

  private final Map<String, Supplier<String>> regions = new TreeMap<>();

  ManPages(CommandSpec root, String eachHeader) {
    regions.put("commands", () -> commands(root));
    for (String name : new String[] {"timeline", "diff", "plot", "report"}) {
      regions.put("options_" + name, () -> own(root.subcommands().get(name).getCommandSpec()));
    }
    regions.put("knobs", ManPages::knobs);
    regions.put("metrics", ManPages::metrics);
    regions.put("verbs", ManPages::verbs);
    regions.put("words", ManPages::words);
    regions.put("each", () -> escape(eachHeader.replace(",", ",\n")) + "\n");
  }

  /** A page with its generated parts as they should be. */
  String regenerate(String page) {
    Matcher matcher = REGION.matcher(page);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      Supplier<String> region =
          Objects.requireNonNull(regions.get(matcher.group(2)), matcher.group(2));
      String text = matcher.group(1) + region.get() + matcher.group(3);
      matcher.appendReplacement(out, Matcher.quoteReplacement(text));
    }
    return matcher.appendTail(out).toString();
  }

  private static String commands(CommandSpec root) {
    StringBuilder out = new StringBuilder();
    for (Map.Entry<String, CommandLine> entry : root.subcommands().entrySet()) {
      CommandSpec command = entry.getValue().getCommandSpec();
      if (command.subcommands().isEmpty()) {
        section(command, out);
      }
      command.subcommands().values().forEach(below -> section(below.getCommandSpec(), out));
    }
    out.append(".SS oomlab\n");
    options(root, option -> true, out);
    out.append(".SS Options of every command\n");
    CommandSpec any = root.subcommands().get("run").getCommandSpec();
    options(any, option -> option.order() >= COMMON, out);
    return out.toString();
  }

  /** The arguments and options that a command has to itself. */
  private static String own(CommandSpec command) {
    StringBuilder out = new StringBuilder();
    for (PositionalParamSpec argument : command.positionalParameters()) {
      out.append(".TP\n.I ").append(escape(argument.paramLabel())).append('\n');
      description(argument.description(), argument, out);
    }
    options(command, option -> option.order() < COMMON, out);
    return out.toString();
  }

  private static void section(CommandSpec command, StringBuilder out) {
    out.append(".SS ").append(escape(command.qualifiedName())).append('\n');
    command(command, out);
  }

  private static void command(CommandSpec command, StringBuilder out) {
    CommandLine.Help help = new CommandLine.Help(command, Ansi.OFF);
    String synopsis = help.synopsis(0).strip().replaceAll("\\s+", " ");
    out.append(".B ").append(escape(synopsis)).append("\n.PP\n");
    for (String paragraph : command.usageMessage().description()) {
      String text = expand(paragraph, command);
      out.append(text.isEmpty() ? ".PP\n" : lines(text));
    }
    for (PositionalParamSpec argument : command.positionalParameters()) {
      out.append(".TP\n.I ").append(escape(argument.paramLabel())).append('\n');
      description(argument.description(), argument, out);
    }
    boolean ours = command.userObject() instanceof SubCommand;
    options(command, option -> !ours || option.order() < COMMON, out);
  }

  private static void options(CommandSpec command, Predicate<OptionSpec> which, StringBuilder out) {
    command.options().stream()
        .filter(option -> !option.hidden() && which.test(option))
        .sorted(
            java.util.Comparator.comparingInt(OptionSpec::order)
                .thenComparing(OptionSpec::longestName))
        .forEach(
            option -> {
              out.append(".TP\n").append(names(option)).append('\n');
              description(option.description(), option, out);
            });
  }

  private static String names(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> "\\fB" + escape(name) + "\\fR")
            .collect(Collectors.joining(", "));
    boolean takesValue = option.arity().max() > 0;
    return takesValue ? names + " \\fI" + escape(option.paramLabel()) + "\\fR" : names;
  }

  private static void description(
      String[] paragraphs, CommandLine.Model.ArgSpec arg, StringBuilder out) {
    for (String paragraph : paragraphs) {
      String value = String.valueOf(arg.defaultValue());
      out.append(lines(expand(paragraph, arg.command()).replace("${DEFAULT-VALUE}", value)));
    }
  }

  private static String expand(String text, CommandSpec command) {
    return text.replace("%%", "%")
        .replace("%n", " ")
        .replace("${COMMAND-NAME}", command.name())
        .replace("${ROOT-COMMAND-NAME}", "oomlab")
        .replace("${PARENT-COMMAND-FULL-NAME:-the parent command}", "oomlab")
        .replace("@|bold ", "")
        .replace("@|yellow ", "")
        .replace("@|underline ", "")
        .replace("|@", "");
  }

  private static String knobs() {
    StringBuilder out = new StringBuilder();
    String section = "";
    for (Knob knob : Knobs.all()) {
      String its = knob.path().substring(0, knob.path().indexOf('.'));
      if (!its.equals(section)) {
        section = its;
        out.append(".SS ").append(escape(section)).append('\n');
      }
      out.append(".TP\n.B ").append(escape(knob.path())).append('\n');
      out.append(lines(knob.doc()));
      out.append(lines("Value: " + ShowCommand.values(knob) + "."));
      out.append(lines("In the kernel: " + knob.symbol() + "."));
    }
    return out.toString();
  }

  private static String metrics() {
    StringBuilder out = new StringBuilder();
    for (Metric metric : Metric.values()) {
      out.append(".TP\n.B ").append(escape(metric.column())).append('\n');
      out.append(lines(metric.doc()));
    }
    return out.toString();
  }

  private static String verbs() {
    StringBuilder out = new StringBuilder();
    for (Verb verb : Verbs.all()) {
      String arguments =
          verb.arguments().isEmpty() ? "" : " \\fI" + escape(verb.arguments()) + "\\fR";
      out.append(".TP\n\\fB").append(escape(verb.name())).append("\\fR").append(arguments);
      out.append('\n').append(lines(verb.doc()));
    }
    return out.toString();
  }

  private static String words() {
    StringBuilder out = new StringBuilder();
    Verbs.vocabulary()
        .forEach(
            (word, doc) ->
                out.append(".TP\n.B ").append(escape(word)).append('\n').append(lines(doc)));
    return out.toString();
  }

  /** Text in lines of its own, a sentence to a line as roff wants it. */
  private static String lines(String text) {
    return escape(text).replaceAll("(?<=[A-Za-z0-9)'\"][.]) (?=[A-Z])", "\n") + "\n";
  }

  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti");
    return escaped.replaceAll("(?m)^([.'])", "\\\\&$1");
  }
}
