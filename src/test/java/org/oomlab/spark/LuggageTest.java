package org.oomlab.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oomlab.experiment.Experiment.Case;
import org.oomlab.policy.Policy;
import org.oomlab.workload.Workload;
import org.oomlab.yaml.Library;
import org.oomlab.yaml.tree.Entry;

/** What is sent to other machines arrives there as it was. */
class LuggageTest {
  private static final Library LIBRARY = Library.open(null);
  private static final String MODEL = "0123";

  private static Object arrived(Object sent) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(sent);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  private static Case travelling(Workload workload, Policy policy) {
    return Luggage.of(new Case(workload, LIBRARY.costs(workload.costsName()), policy));
  }

  private static Block.Done done(Block block) {
    return block.run(MODEL);
  }

  @Test
  void anEpisodeIsTheSameWhereverItIsRun() throws IOException, ClassNotFoundException {
    List<Workload> workloads =
        LIBRARY.resolveWorkloads(
            LIBRARY.workloads().stream().map(Entry::name).toList(), note -> {});
    List<Policy> policies =
        LIBRARY.resolvePolicies(LIBRARY.policies().stream().map(Entry::name).toList(), note -> {});
    for (int i = 0; i < Math.max(workloads.size(), policies.size()); i++) {
      Workload workload = workloads.get(i * 7 % workloads.size());
      Case of = travelling(workload, policies.get(i % policies.size()));
      Block block = new Block(List.of(new Stretch(of, 1, 1)), false, MODEL);

      Block there = (Block) arrived(block);

      assertThat(there.stretches().get(0).of().workload()).isEqualTo(of.workload());
      if (i < policies.size()) {
        Block.Done back = (Block.Done) arrived(done(there));
        assertThat(back.outcomes()).isEqualTo(done(block).outcomes());
      }
    }
  }

  @Test
  void anotherSimulatorIsRefused() {
    Workload workload = LIBRARY.resolveWorkloads(List.of("mlocked-all"), note -> {}).get(0);
    Policy policy = LIBRARY.resolvePolicies(List.of("linux-7.2"), note -> {}).get(0);
    Block block =
        new Block(List.of(new Stretch(travelling(workload, policy), 1, 1)), false, "4567");

    org.assertj.core.api.Assertions.assertThatThrownBy(() -> done(block))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("an executor has another oomlab: its model is 0123");
  }
}
