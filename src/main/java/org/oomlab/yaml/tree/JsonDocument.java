package org.oomlab.yaml.tree;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oomlab.unit.Position;

/**
 * Makes a tree of {@link Node}s from JSON as jsoncpp takes it: with comments, a comma behind the
 * last item, the last of two equal keys, and anything behind the end.
 */
public final class JsonDocument {
  private final String file;
  private final JsonParser parser;
  private long values;

  private JsonDocument(String file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Null if there is none, for a noted reason. */
  public static @Nullable Node parse(String file, String text, Problems problems) {
    Position start = new Position(file, 1, 1);
    if (text.length() > Document.MOST_BYTES) {
      problems.add(start, "larger than " + (Document.MOST_BYTES >> 20) + "MiB");
      return null;
    }
    JsonFactory factory =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(Document.DEEPEST)
                    .maxStringLength(Document.MOST_BYTES)
                    .build())
            .build();
    try (JsonParser parser = factory.createParser(text)) {
      return read(file, parser, problems);
    } catch (IOException e) {
      problems.add(start, "not JSON: " + oneLine(e.getMessage()));
      return null;
    }
  }

  private static @Nullable Node read(String file, JsonParser parser, Problems problems)
      throws IOException {
    try {
      JsonDocument document = new JsonDocument(file, parser);
      if (parser.nextToken() == null) {
        problems.add(new Position(file, 1, 1), "the file is empty");
        return null;
      }
      return document.node();
    } catch (JsonParseException e) {
      problems.add(at(file, e.getLocation()), "not JSON: " + oneLine(e.getOriginalMessage()));
    } catch (StreamConstraintsException e) {
      problems.add(
          at(file, parser.currentLocation()),
          "nested deeper than "
              + Document.DEEPEST
              + " levels, or a word or number longer than oomlab takes");
    }
    return null;
  }

  private static String oneLine(@Nullable String message) {
    String line =
        String.valueOf(message).replaceAll("\\s+", " ").replaceFirst(" \\(start marker at .*", "");
    return line.length() > 200 ? line.substring(0, 200) + "..." : line;
  }

  private static Position at(String file, @Nullable JsonLocation location) {
    return location == null
        ? new Position(file, 1, 1)
        : new Position(
            file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }

  private Node node() throws IOException {
    Position at = at(file, parser.currentTokenLocation());
    values++;
    if (values > Document.MOST_VALUES) {
      throw new IOException("it has more than " + Document.MOST_VALUES + " values");
    }
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> {
        Map<String, Node.Member> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          Position key = at(file, parser.currentTokenLocation());
          String name = parser.currentName();
          parser.nextToken();
          members.remove(name); // The last one counts, and where it stands.
          members.put(name, new Node.Member(key, node()));
        }
        return new Node.Mapping(at, members);
      }
      case START_ARRAY -> {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(node());
        }
        return new Node.Sequence(at, items);
      }
      default -> {
        return new Node.Scalar(at, parser.getText(), token != JsonToken.VALUE_STRING);
      }
    }
  }
}
