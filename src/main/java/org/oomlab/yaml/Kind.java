package org.oomlab.yaml;

/** What a file describes. */
enum Kind {
  POLICY("policy", "policies/"),
  WORKLOAD("workload", "workloads/"),
  COSTS("costs", "workloads/costs/");

  /** What messages call it; also the key that names it in its file. */
  final String noun;

  /** Where the shipped ones are. */
  final String folder;

  Kind(String noun, String folder) {
    this.noun = noun;
    this.folder = folder;
  }

  /** What a shipped file describes, by its place. */
  static Kind ofPath(String path) {
    if (path.startsWith(COSTS.folder)) {
      return COSTS;
    }
    return path.startsWith(WORKLOAD.folder) ? WORKLOAD : POLICY;
  }

  /** True if a document looks like one of these rather than like another kind. */
  boolean claims(Node.Mapping document) {
    // A workload has costs too, so the order counts.
    for (Kind kind : new Kind[] {WORKLOAD, POLICY, COSTS}) {
      if (document.members().containsKey(kind.noun)) {
        return kind == this;
      }
    }
    return true; // a mistake; let this kind's reader say so
  }
}
