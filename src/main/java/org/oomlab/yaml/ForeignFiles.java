package org.oomlab.yaml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.daemon.file.ConfigFile;
import org.oomlab.daemon.file.Tree;
import org.oomlab.yaml.tree.Document;
import org.oomlab.yaml.tree.JsonDocument;
import org.oomlab.yaml.tree.Node;
import org.oomlab.yaml.tree.Problems;

/** YAML and JSON files that are none of ours, as trees, by the same careful readers. */
public final class ForeignFiles implements Tree.Parser {
  /**
   * The documents of a YAML file.
   *
   * @throws ProblemException with everything that is wrong with it
   */
  @Override
  public List<Tree> yaml(ConfigFile file) {
    Problems problems = new Problems();
    byte[] bytes = file.text().getBytes(StandardCharsets.UTF_8);
    List<Node> documents = Document.parseForeign(file.name(), bytes, problems);
    problems.throwIfAny();
    return documents.stream().map(ForeignFiles::tree).toList();
  }

  /**
   * A JSON file.
   *
   * @throws ProblemException with the first thing that is wrong with it
   */
  @Override
  public Tree json(ConfigFile file) {
    Problems problems = new Problems();
    @Nullable Node node = JsonDocument.parse(file.name(), file.text(), problems);
    problems.throwIfAny();
    if (node == null) {
      throw new AssertionError(file.name());
    }
    return tree(node);
  }

  private static Tree tree(Node node) {
    if (node instanceof Node.Mapping mapping) {
      Map<String, Tree.Member> members = new LinkedHashMap<>();
      mapping
          .members()
          .forEach(
              (key, member) ->
                  members.put(key, new Tree.Member(member.at(), tree(member.value()))));
      return new Tree.Keys(node.at(), members);
    }
    if (node instanceof Node.Sequence sequence) {
      List<Tree> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(tree(item)));
      return new Tree.Items(node.at(), items);
    }
    Node.Scalar scalar = (Node.Scalar) node;
    return new Tree.Word(node.at(), scalar.text(), scalar.plain());
  }
}
