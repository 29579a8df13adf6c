package org.oomlab.yaml.tree;

import org.jspecify.annotations.Nullable;

/** What a file describes. */
public enum Kind {
  POLICY("policy", "policies/"),
  WORKLOAD("workload", "workloads/"),
  COSTS("costs", "workloads/costs/"),
  SPACE("space", "workloads/spaces/");

  /** What messages call it; also the key that names it in its file. */
  public final String noun;

  /** Where the shipped ones are. */
  public final String folder;

  Kind(String noun, String folder) {
    this.noun = noun;
    this.folder = folder;
  }

  /** What a shipped file describes, by its place. */
  public static Kind ofPath(String path) {
    for (Kind below : new Kind[] {COSTS, SPACE}) {
      if (path.startsWith(below.folder)) {
        return below;
      }
    }
    return path.startsWith(WORKLOAD.folder) ? WORKLOAD : POLICY;
  }

  /** The noun with its article. */
  private String one() {
    return this == COSTS ? "a cost file" : "a " + noun;
  }

  /** What to say of a name or a file of another kind than this one, which was wanted. */
  public String notThis(Kind is, String name) {
    return "is "
        + is.one()
        + ", and "
        + one()
        + " is wanted here; "
        + switch (is) {
          case POLICY -> "name it with -p " + name;
          case WORKLOAD -> "name it without an option, as in 'oomlab run " + name + "'";
          case COSTS -> "name it with --costs " + name;
          case SPACE -> "name it with 'oomlab refute --in " + name + "'";
        };
  }

  /** What a document looks like, by the key that names it; null if by none. */
  public static @Nullable Kind of(Node.Mapping document) {
    // A workload and a space have costs too, so the order counts.
    for (Kind kind : new Kind[] {WORKLOAD, POLICY, SPACE, COSTS}) {
      if (document.members().containsKey(kind.noun)) {
        return kind;
      }
    }
    return null;
  }

  /** True if a document looks like one of these rather than like another kind. */
  public boolean claims(Node.Mapping document) {
    Kind kind = of(document);
    return kind == null || kind == this; // Neither is a mistake; let this kind's reader say so.
  }
}
