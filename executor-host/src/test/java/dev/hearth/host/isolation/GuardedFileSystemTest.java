package dev.hearth.host.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedFileSystemTest {

  @TempDir Path folder;
  private Path app;
  private Path temporary;
  private Path secret;
  private GuardedFileSystem files;

  @BeforeEach
  void show() throws IOException {
    var home = Files.createDirectory(folder.resolve("home"));
    app = Files.createDirectory(folder.resolve("app"));
    temporary = Files.createDirectory(folder.resolve("tmp"));
    secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.writeString(app.resolve("main.py"), "print()");
    files = new GuardedFileSystem(home);
    files.show(
        new InstanceFolders(List.of(app), List.of(), temporary, Optional.empty()),
        Allowance.unlimited());
  }

  private String read(Path path) throws IOException {
    try (var channel = files.newByteChannel(path, Set.of(StandardOpenOption.READ))) {
      return "size " + channel.size();
    }
  }

  private void write(Path path) throws IOException {
    files.newByteChannel(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE)).close();
  }

  @Test
  void showsTheInstancesOwnFiles() throws IOException {
    assertThat(read(app.resolve("main.py"))).isEqualTo("size 7");
  }

  @Test
  void writesToTheTemporaryFolderOnly() throws IOException {
    write(temporary.resolve("new"));

    assertThat(temporary.resolve("new")).exists();
    assertThatThrownBy(() -> write(app.resolve("new")))
        .hasMessageContaining("Read-only file system");
    assertThatThrownBy(() -> write(secret)).isInstanceOf(IOException.class);
    assertThat(secret).hasContent("secret");
  }

  @Test
  void hasTheTemporaryFolderUnderItsUsualName() throws IOException {
    write(Path.of("/tmp/new"));

    assertThat(temporary.resolve("new")).exists();
    assertThat(read(Path.of("/tmp/new"))).isEqualTo("size 0");
  }

  @Test
  void hasAPlaceForWhatNobodyWants() throws IOException {
    write(Path.of("/dev/null"));

    assertThat(read(Path.of("/dev/null"))).isEqualTo("size 0");
    assertThatThrownBy(() -> files.delete(Path.of("/dev/null")))
        .hasMessageContaining("Read-only file system");
  }

  @Test
  void doesNotShowOtherFilesByAnyName() {
    assertThatThrownBy(() -> read(secret)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> read(app.resolve("../secret")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> read(Path.of("../secret"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void followsNoLinkOut() throws IOException {
    Files.createSymbolicLink(temporary.resolve("link"), secret);

    assertThatThrownBy(() -> read(temporary.resolve("link")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files.createSymbolicLink(temporary.resolve("l"), secret))
        .hasMessageContaining("Operation not permitted");
  }

  @Test
  void hidesAnInstancesFoldersFromOthers() throws IOException {
    var other = new GuardedFileSystem(folder.resolve("home"));
    other.show(
        new InstanceFolders(List.of(), List.of(), temporary, Optional.empty()),
        Allowance.unlimited());

    assertThatThrownBy(
            () -> other.newByteChannel(app.resolve("main.py"), Set.of(StandardOpenOption.READ)))
        .isInstanceOf(NoSuchFileException.class);
  }
}
