package dev.hearth.build.uv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UvCacheTest {

  private static final Instant BEGUN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path data;

  private Path folder() {
    return data.resolve("tenant");
  }

  /** Creates a sparse file, which takes no disk space. */
  private void put(String path, long bytes, Instant at) throws IOException {
    var file = folder().resolve(path);
    Files.createDirectories(file.getParent());
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(bytes);
    }
    Files.setLastModifiedTime(file.getParent(), FileTime.from(at));
  }

  @Test
  void countsOnlyNewFiles() throws IOException {
    var cache = new UvCache(folder());
    assertThat(cache.outgrows(BEGUN)).isFalse();
    put("archive-v0/old/x", 3L << 30, BEGUN.minusSeconds(1));
    put("simple-v1/page", 3L << 30, BEGUN.plusSeconds(1));
    assertThat(cache.outgrows(BEGUN)).isFalse();

    put("archive-v0/new/x", 1L << 30, BEGUN.plusSeconds(1));
    put(".tmpabc/y", 1L << 30, BEGUN.plusSeconds(1));
    assertThat(cache.outgrows(BEGUN)).isFalse();

    put(".tmpdef/y", 1, BEGUN.plusSeconds(1));
    assertThat(cache.outgrows(BEGUN)).isTrue();
  }

  @Test
  void deletesALargeCacheOnceNoBuildUsesIt() throws IOException {
    var cache = new UvCache(folder());
    put("archive-v0/x/x", 5L << 30, BEGUN);
    cache.open();
    cache.open();
    cache.close();
    assertThat(folder()).exists();

    cache.close();
    await().untilAsserted(() -> assertThat(data).isEmptyDirectory());
  }

  @Test
  void countsUnpackedSourcesWhateverTimesTheyHave() throws IOException {
    var cache = new UvCache(folder());
    put("sdists-v9/index/tea/1.0/src/x", 3L << 30, BEGUN);
    var now = Instant.now();

    assertThat(cache.outgrows(now.plusSeconds(60))).isFalse();
    assertThat(cache.outgrows(now.minusSeconds(60))).isTrue();
  }

  @Test
  void deletesACacheThatOutgrewItsLimitBeforeTheBuildEnds() throws IOException {
    var cache = new UvCache(folder());
    cache.open();
    put(".tmpabc/y", 3L << 30, BEGUN.plusSeconds(1));
    assertThat(cache.outgrows(BEGUN)).isTrue();

    cache.close();

    assertThat(data).isEmptyDirectory();
  }
}
