package dev.hearth.host.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.contracts.host.InstanceLimits;
import dev.hearth.host.isolation.Allowance.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLimitsTest {

  private static final int BYTES = 1000;
  private static final int FILES = 5;
  private static final int DESCRIPTORS = 8;
  private static final Path FILE = Path.of("/tmp/file");
  private static final Path OTHER = Path.of("/tmp/other");

  @TempDir Path folder;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger collections = new AtomicInteger();
  private Allowance allowance;
  private GuardedFileSystem files;

  @BeforeEach
  void show() throws IOException {
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    files = new GuardedFileSystem(Files.createDirectory(folder.resolve("home")));
    allowance =
        new Allowance(
            new InstanceLimits(BYTES, FILES, DESCRIPTORS, 1),
            log::add,
            collections::incrementAndGet);
    files.show(new InstanceFolders(List.of(), List.of(), temporary, Optional.empty()), allowance);
  }

  private SeekableByteChannel open(Path path, OpenOption... more) throws IOException {
    var options =
        new ArrayList<OpenOption>(List.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    options.addAll(List.of(more));
    return files.newByteChannel(path, Set.copyOf(options));
  }

  private void write(Path path, int bytes, OpenOption... more) throws IOException {
    try (var channel = open(path, more)) {
      channel.write(ByteBuffer.allocate(bytes));
    }
  }

  private long used(Resource resource) {
    return allowance.limit(resource) - allowance.left(resource);
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private static void assertRefused(String reason, Work work) {
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(work::run)
        .satisfies(refused -> assertThat(refused.getReason()).isEqualTo(reason));
  }

  @Test
  void refusesBytesBeyondTheLimitAndSaysSoOnce() throws IOException {
    write(FILE, BYTES);

    assertRefused("No space left on device", () -> write(OTHER, 1));
    assertRefused("No space left on device", () -> write(OTHER, 1));

    assertThat(log).hasSize(1).first().asString().contains("may hold 1000 bytes");
  }

  @Test
  void countsWhatAFileGrowsByNotWhatIsWritten() throws IOException {
    write(FILE, 600);
    write(FILE, 600);
    write(FILE, 100, StandardOpenOption.APPEND);
    try (var channel = open(FILE)) {
      channel.position(750).write(ByteBuffer.allocate(50));
    }

    assertThat(used(Resource.BYTES)).isEqualTo(800);
    assertThat(used(Resource.FILES)).isOne();
  }

  @Test
  void deletingTruncatingAndReplacingGiveBack() throws IOException {
    write(FILE, 900);
    write(FILE, 500, StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(used(Resource.BYTES)).isEqualTo(500);

    try (var channel = open(FILE)) {
      channel.truncate(300);
    }
    write(OTHER, 200);
    files.move(OTHER, FILE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(used(Resource.BYTES)).isEqualTo(200);
    assertThat(used(Resource.FILES)).isOne();

    files.move(FILE, FILE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(used(Resource.BYTES)).isEqualTo(200);

    files.delete(FILE);
    assertThat(used(Resource.BYTES)).isZero();
    assertThat(used(Resource.FILES)).isZero();
  }

  @Test
  void aDeletedFileCountsUntilItsLastChannelIsClosed() throws IOException {
    var one = open(FILE);
    var other = open(FILE);
    one.write(ByteBuffer.allocate(600));

    files.delete(FILE);
    one.write(ByteBuffer.allocate(100));
    one.close();
    one.close();
    assertThat(used(Resource.BYTES)).isEqualTo(700);

    other.close();
    assertThat(used(Resource.BYTES)).isZero();
  }

  @Test
  void aFileThatIsDeletedOnCloseIsGivenBack() throws IOException {
    write(FILE, 400, StandardOpenOption.DELETE_ON_CLOSE);

    assertThat(used(Resource.BYTES)).isZero();
    assertThat(used(Resource.FILES)).isZero();
  }

  @Test
  void countsFilesAndFolders() throws IOException {
    files.createDirectory(Path.of("/tmp/folder"));
    for (int i = 1; i < FILES; i++) {
      write(Path.of("/tmp/" + i), 0);
    }

    assertRefused("No space left on device", () -> write(OTHER, 0));
    assertRefused("No space left on device", () -> files.createDirectory(OTHER));
    write(Path.of("/tmp/1"), 1);

    files.delete(Path.of("/tmp/folder"));
    write(OTHER, 0);
  }

  @Test
  void whatCannotBeMadeIsNotCounted() {
    var inAbsent = Path.of("/tmp/absent/file");

    for (int i = 0; i < DESCRIPTORS * 2; i++) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> write(inAbsent, 1));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> files.createDirectory(inAbsent));
    }

    assertThat(used(Resource.FILES)).isZero();
    assertThat(used(Resource.DESCRIPTORS)).isZero();
  }

  @Test
  void copiesCount() throws IOException {
    write(FILE, 600);

    assertRefused("No space left on device", () -> files.copy(FILE, OTHER));
    assertThat(used(Resource.FILES)).isOne();
    write(FILE, 100, StandardOpenOption.TRUNCATE_EXISTING);
    files.copy(FILE, OTHER);
    files.copy(FILE, OTHER, StandardCopyOption.REPLACE_EXISTING);

    assertThat(used(Resource.BYTES)).isEqualTo(200);
    assertThat(used(Resource.FILES)).isEqualTo(2);
  }

  @Test
  void refusesDescriptorsBeyondTheLimitAndCollectsBefore() throws IOException {
    write(FILE, 1);
    var channels = new ArrayList<SeekableByteChannel>();
    for (int i = 0; i < DESCRIPTORS; i++) {
      channels.add(files.newByteChannel(FILE, Set.of(StandardOpenOption.READ)));
    }

    assertRefused("Too many open files", () -> open(FILE));
    assertThat(collections).hasPositiveValue();
    assertThat(log).first().asString().contains("may have 8 files open");

    channels.getFirst().close();
    open(FILE).close();
  }

  @Test
  void collectsDroppedFilesBeforeThereIsNoRoom() throws IOException {
    write(FILE, 700);
    assertThat(collections).hasValue(0);

    write(OTHER, 100);

    assertThat(collections).hasPositiveValue();
  }

  @Test
  void showsTheLimitAsTheSizeOfTheDisk() throws IOException {
    write(FILE, 300);

    assertThat(files.getFileStoreTotalSpace(FILE)).isEqualTo(BYTES);
    assertThat(files.getFileStoreUsableSpace(FILE)).isEqualTo(700);
    assertThat(files.isFileStoreReadOnly(FILE)).isFalse();
    assertThat(files.isFileStoreReadOnly(folder.resolve("home"))).isTrue();
  }

  @Test
  void writersAtTheSameTimeNeverPassTheLimit() throws Exception {
    var start = new CountDownLatch(1);
    var written = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < FILES; i++) {
      var path = Path.of("/tmp/" + i);
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  start.await();
                  for (int j = 0; j < BYTES; j++) {
                    write(path, 1, StandardOpenOption.APPEND);
                    written.incrementAndGet();
                  }
                } catch (IOException | InterruptedException _) {
                  // The limit was reached.
                }
              }));
    }

    start.countDown();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(written).hasValue(BYTES);
    assertThat(allowance.left(Resource.BYTES)).isZero();
    assertThat(used(Resource.DESCRIPTORS)).isZero();
  }
}
