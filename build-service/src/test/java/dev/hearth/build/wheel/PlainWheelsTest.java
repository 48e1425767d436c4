package dev.hearth.build.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.build.index.Downloads;
import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Lock.RemoteFile;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.python.Target;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.transfer.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainWheelsTest {

  private static final String FILE = "tea-1.0-py3-none-any.whl";
  private static final String INDEX = "https://index.example/simple";
  private static final Requirement TEA = new Requirement("tea", "tea==1.0\n");
  private static final List<String> METADATA =
      List.of("tea-1.0.dist-info/METADATA", "tea-1.0.dist-info/RECORD", "tea-1.0.dist-info/WHEEL");

  @TempDir Path folder;

  private final Map<String, byte[]> served = new HashMap<>();
  private final Downloads downloads = new Downloads(Destinations.all());
  private HttpServer server;
  private int missing;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var body = served.get(exchange.getRequestURI().getPath());
            var length = body == null ? -1 : body.length + missing;
            exchange.sendResponseHeaders(body == null ? 404 : 200, length);
            if (body != null) {
              exchange.getResponseBody().write(body);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    downloads.close();
    server.stop(0);
  }

  private static Lock lock(RemoteFile... wheels) {
    var locked =
        new Lock.Locked("tea", "1.0", INDEX + "/", Optional.empty(), List.of(wheels), List.of());
    return Lock.of(List.of(locked));
  }

  private PlainWheels plain(Optional<String> index) {
    return new PlainWheels(downloads, index, new Semaphore(1));
  }

  private static byte[] zip(List<String> names) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static List<String> with(String... more) {
    var names = new ArrayList<>(METADATA);
    names.addAll(Arrays.asList(more));
    return names;
  }

  /** Returns the names of a wheel's files, or nothing if the wheel is left to uv. */
  private Optional<List<String>> read(byte[] wheel) throws IOException {
    served.put("/" + FILE, wheel);
    var copy = Files.write(folder.resolve("copy"), wheel);
    return read(Digests.of(copy).hex());
  }

  private String url() {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), FILE);
  }

  private Optional<List<String>> read(String sha256) throws IOException {
    return plain(Optional.of(INDEX))
        .read(
            TEA,
            lock(new RemoteFile(FILE, url(), sha256, 0)),
            Target.GRAALPY.wheels(),
            Files.createTempDirectory(folder, "scratch"),
            files -> List.copyOf(files.keySet()));
  }

  @Test
  void readsTheFilesOfAWheel() throws IOException {
    assertThat(read(zip(with("tea.py", "tea/__init__.py"))).orElseThrow())
        .containsExactly(
            "tea-1.0.dist-info/METADATA",
            "tea-1.0.dist-info/RECORD",
            "tea-1.0.dist-info/WHEEL",
            "tea.py",
            "tea/__init__.py");
  }

  @Test
  void leavesWheelsThatNeedMoreThanUnpackingToUv() throws IOException {
    assertThat(read(zip(with("tea-1.0.data/scripts/tea")))).isEmpty();
    assertThat(read(zip(METADATA.subList(0, 2)))).isEmpty();
    assertThat(read(zip(with("cup-1.0.dist-info/METADATA")))).isEmpty();
    assertThat(
            read(zip(METADATA.stream().map(name -> name.replace("tea-1.0", "tea-2.0")).toList())))
        .isEmpty();
  }

  @Test
  void leavesInvalidWheelsToUv() throws IOException {
    assertThat(read("no zip".getBytes(StandardCharsets.UTF_8))).isEmpty();
    assertThat(read(zip(with("tea", "tea/__init__.py")))).isEmpty();
    assertThat(
            read(
                zip(
                    List.of(
                        "tea-1.0-.dist-info/METADATA",
                        "tea-1.0-.dist-info/RECORD",
                        "tea-1.0-.dist-info/WHEEL"))))
        .isEmpty();
    var cut = zip(with("tea.py"));
    assertThat(read(Arrays.copyOf(cut, cut.length - 10))).isEmpty();
  }

  @Test
  void refusesUnsafeWheels() throws IOException {
    for (var name :
        List.of("../tea.py", "/tea.py", "tea\\..\\x.py", "a/".repeat(30_000) + "x.py")) {
      var wheel = zip(with(name));
      assertThatThrownBy(() -> read(wheel)).hasMessageContaining("not a plain path");
    }
    var wheel = zip(with("a".repeat(300) + ".py"));
    assertThatThrownBy(() -> read(wheel)).hasMessageContaining("not a plain path");
  }

  @Test
  void refusesAWrongChecksum() throws IOException {
    var wheel = zip(with("tea.py"));
    // Offset of the checksum of the last entry in the central directory.
    var at = indexOfLast(wheel, new byte[] {'P', 'K', 1, 2}) + 16;
    wheel[at]++;

    assertThatThrownBy(() -> read(wheel))
        .hasMessageContaining("\"tea.py\" does not match its checksum");
  }

  private static int indexOfLast(byte[] bytes, byte[] what) {
    var at = bytes.length - what.length;
    while (!Arrays.equals(bytes, at, at + what.length, what, 0, what.length)) {
      at--;
    }
    return at;
  }

  @Test
  void leavesFailedDownloadsAndWrongHashesToUv() throws IOException {
    assertThat(read("0".repeat(64))).isEmpty();
    served.put("/" + FILE, zip(with("tea.py")));
    assertThat(read("0".repeat(64))).isEmpty();
  }

  @Test
  void leavesIncompleteDownloadsAndMissingAddressesToUv() throws IOException {
    missing = 100;
    assertThat(read(zip(with("tea.py")))).isEmpty();
    var lock = lock(new RemoteFile(FILE, "http://no_host/" + FILE, "a".repeat(64), 0));
    assertThat(
            plain(Optional.of(INDEX)).read(TEA, lock, Target.GRAALPY.wheels(), folder, Map::size))
        .isEmpty();
  }

  @Test
  void triesNoFurtherDownloadAfterAFailure() throws IOException {
    var plain = plain(Optional.of(INDEX));
    var wheel = zip(with("tea.py"));
    var sha256 = Digests.of(Files.write(folder.resolve("copy"), wheel)).hex();
    var lock = lock(new RemoteFile(FILE, url(), sha256, 0));

    assertThat(plain.read(TEA, lock, Target.GRAALPY.wheels(), folder, Map::size)).isEmpty();
    served.put("/" + FILE, wheel);
    assertThat(plain.read(TEA, lock, Target.GRAALPY.wheels(), folder, Map::size)).isEmpty();
    assertThat(
            plain(Optional.of(INDEX)).read(TEA, lock, Target.GRAALPY.wheels(), folder, Map::size))
        .contains(4);
  }

  @Test
  void leavesWheelsThatTheReaderRefusesToUv() throws IOException {
    served.put("/" + FILE, zip(with("tea.py")));
    var sha256 = Digests.of(Files.write(folder.resolve("copy"), served.get("/" + FILE))).hex();
    var lock = lock(new RemoteFile(FILE, url(), sha256, 0));

    assertThat(
            plain(Optional.of(INDEX))
                .read(
                    TEA,
                    lock,
                    Target.GRAALPY.wheels(),
                    folder,
                    _ -> {
                      throw new HearthException(ErrorCode.DEPENDENCY_UNINSTALLABLE, "lies");
                    }))
        .isEmpty();
  }

  @Test
  void leavesLargeWheelsToUv() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var name : with("tea.bin")) {
        zip.putNextEntry(new ZipEntry(name));
        if (name.equals("tea.bin")) {
          zip.write(new byte[40 << 20]);
        }
        zip.closeEntry();
      }
    }

    assertThat(bytes.size()).isLessThan(1 << 20);
    assertThat(read(bytes.toByteArray())).isEmpty();
  }
}
