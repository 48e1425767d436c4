package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {

  private static final List<String> KEYS =
      IntStream.range(0, 1000).mapToObj(i -> "tenant/function-" + i).toList();

  @Test
  void hasNoNodeAmongNone() {
    assertThat(Rendezvous.choose("a/b", List.of())).isEmpty();
  }

  @Test
  void spreadsFunctionsOverNodes() {
    var counts =
        KEYS.stream()
            .map(key -> Rendezvous.choose(key, List.of("n1", "n2", "n3", "n4")).orElseThrow())
            .collect(Collectors.groupingBy(node -> node, Collectors.counting()));

    assertThat(counts.values()).hasSize(4).allMatch(count -> count > 150 && count < 350);
  }

  @Test
  void movesOnlyTheFunctionsOfANodeThatLeft() {
    for (var key : KEYS) {
      var before = Rendezvous.choose(key, List.of("n1", "n2", "n3")).orElseThrow();
      var after = Rendezvous.choose(key, List.of("n1", "n2")).orElseThrow();

      assertThat(before.equals("n3") || before.equals(after)).isTrue();
    }
  }
}
