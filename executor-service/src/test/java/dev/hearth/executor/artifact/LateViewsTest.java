package dev.hearth.executor.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LateViewsTest {

  private static final Digest ARTIFACT = Digest.ofHex("1".repeat(64));

  private final LateViews views = new LateViews();

  @Test
  void handsOutWhatWaitsForAnArtifactOnce(@TempDir Path view) {
    views.add(ARTIFACT, view);

    assertThat(views.take(ARTIFACT)).containsExactly(view);
    assertThat(views.take(ARTIFACT)).isEmpty();
    assertThat(views.size()).isZero();
  }

  @Test
  void forgetsTheFoldersOfHostsThatEnded(@TempDir Path folder) throws Exception {
    var ended = Files.createDirectory(folder.resolve("ended"));
    var alive = Files.createDirectory(folder.resolve("alive"));
    views.add(ARTIFACT, ended);
    Files.delete(ended);

    views.add(Digest.ofHex("2".repeat(64)), alive);

    assertThat(views.size()).isOne();
    assertThat(views.take(ARTIFACT)).isEmpty();
  }
}
