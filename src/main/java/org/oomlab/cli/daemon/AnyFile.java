package org.oomlab.cli.daemon;

import java.util.Map;
import java.util.TreeMap;
import org.oomlab.cli.session.Names;

/** No words in particular: files, which completion finds by itself. */
record AnyFile() implements Names {
  @Override
  public Map<String, String> described() {
    return new TreeMap<>();
  }
}
