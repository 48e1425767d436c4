package dev.hearth.build.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BuildOutcomeTest {

  @Test
  void hasTheJsonFieldsThatTheQueueReads() {
    var settings =
        new RuntimeSettings(
            "a:b",
            Convention.ASGI,
            Map.of(),
            Duration.ofSeconds(1),
            Optional.of(3),
            false,
            Optional.of(Scaling.DEFAULT),
            Optional.of(List.of("example.org")),
            Optional.of(OnDisconnect.CANCEL));
    var digest = Digest.ofHex("ab".repeat(32));
    var outcome = new BuildOutcome(digest, 1, 2, digest, settings, true);
    var json = JsonMapper.shared().writeValueAsString(outcome);

    // SQL reads outcome ->> 'isLocked'.
    assertThat(JsonMapper.shared().readTree(json).path("isLocked").asBoolean()).isTrue();
    assertThat(JsonMapper.shared().readValue(json, BuildOutcome.class)).isEqualTo(outcome);
  }
}
