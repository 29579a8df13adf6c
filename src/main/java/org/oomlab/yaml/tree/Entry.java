package org.oomlab.yaml.tree;

import org.jspecify.annotations.Nullable;

/** A shipped policy, workload or cost file. Its text is read only when somebody asks for it. */
public final class Entry {
  private final String family;
  private final Source file;
  private Node.@Nullable Mapping document;

  public Entry(String family, Source file) {
    this.family = family;
    this.file = file;
  }

  /** What users call it. */
  public String name() {
    String name = file.name();
    assert name != null;
    return name;
  }

  /** The folder it is in, such as {@code kernels}, or empty. */
  public String family() {
    return family;
  }

  /** Where it is, for messages. */
  public String path() {
    return file.label();
  }

  /** The line that says what it is about; empty if the file cannot be read. */
  public String title() {
    return text("title");
  }

  /** Where it comes from; empty if the file cannot be read. */
  public String source() {
    return text("source");
  }

  public Source file() {
    return file;
  }

  public boolean isIn(String family) {
    return this.family.equals(family) || this.family.startsWith(family + "/");
  }

  public String text(String key) {
    Node.Mapping read = document;
    if (read == null) {
      read = file.parse(new Problems()); // whoever uses the file will hear of its problems
      document = read;
    }
    String text = read == null ? null : read.text(key);
    return text == null ? "" : text;
  }

  @Override
  public String toString() {
    return name();
  }
}
