package org.oomlab.daemon.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oomlab.yaml.ForeignFiles;

/** Which kind a file is of is seen from what it has in it, and otherwise from its name. */
class RecognitionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a;EARLYOOM_ARGS=\"-m 4\";earlyoom",
        "earlyoom.default;# nothing;earlyoom",
        "x.sh;exec /usr/local/bin/earlyoom -m 4;earlyoom",
        "a.conf;[OOM]\\nSwapUsedLimit=1%;systemd-oomd",
        "a.slice;[Slice]\\nManagedOOMSwap=kill\\nMemoryMax=1G;systemd-oomd",
        "a.oomrule;[Rule]\\nAction=kill-all;systemd-oomd",
        "a.json;{\"rulesets\": []};oomd",
        "a.conf;soft_threshold_min_mem = 5 %;nohang",
        "a.prop;ro.lmk.low=1;lmkd",
        "b.mk;ro.config.low_ram=true;lmkd",
        "a.service;[Service]\\nExecStart=/usr/bin/kubelet --fail-swap-on=false;kubelet",
        "a.yaml;kind: KubeletConfiguration;kubelet",
        "p.yaml;apiVersion: v1\\nkind: Pod;kubelet",
        "a.service;[Service]\\nMemoryMax=1G;cgroup",
        "c.yml;services:\\n  a:\\n    mem_limit: 1g;compose",
      })
  void aFileIsKnown(String name, String text, String kind) {
    ConfigFile file = new ConfigFile(name, text.replace("\\n", "\n"));
    assertThat(Formats.recognise(List.of(file), new ForeignFiles())).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"a.txt;hello", "b.yaml;a: 1", "c.conf;[General]\\na=b"})
  void soIsOneOfNoKind(String name, String text) {
    ConfigFile file = new ConfigFile(name, text.replace("\\n", "\n"));
    assertThat(Formats.recognise(List.of(file), new ForeignFiles())).isNull();
  }
}
