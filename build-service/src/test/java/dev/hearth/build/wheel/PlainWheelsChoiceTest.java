package dev.hearth.build.wheel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.index.Downloads;
import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Lock.RemoteFile;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.python.Target;
import dev.hearth.kit.egress.Destinations;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class PlainWheelsChoiceTest {

  private static final String FILE = "tea-1.0-py3-none-any.whl";
  private static final String INDEX = "https://index.example/simple";
  private static final Requirement TEA = new Requirement("tea", "tea==1.0\n");

  private static Lock lock(RemoteFile... wheels) {
    var locked =
        new Lock.Locked("tea", "1.0", INDEX + "/", Optional.empty(), List.of(wheels), List.of());
    return Lock.of(List.of(locked));
  }

  private static PlainWheels plain(Optional<String> index) {
    return new PlainWheels(new Downloads(Destinations.all()), index, new Semaphore(1));
  }

  private static RemoteFile file(String name) {
    return new RemoteFile(name, "https://files.example/" + name, "a".repeat(64), 0);
  }

  @Test
  void choosesNothing() {
    var two = lock(file("tea-1.0-py3-none-any.whl"), file("tea-1.0-1-py3-none-any.whl"));
    var marked = new Requirement("tea", "tea==1.0 ; sys_platform == 'win32'\n");
    var other = new Requirement("tea", "tea==1.1\n");
    var elsewhere =
        new Requirement("tea", "tea==1.0 \\\n    --hash=sha256:" + "b".repeat(64) + "\n");
    var platforms = lock(file(FILE), file("tea-1.0-py3-none-manylinux2014_x86_64.whl"));
    var early = lock(file(FILE), file("tea-1.0-graalpy312-none-any.whl"));
    var others =
        lock(
            file(FILE),
            file("tea-1.0-py3-none-win_amd64.whl"),
            file("tea-1.0-cp312-cp312-manylinux2014_x86_64.whl"));

    assertThat(PlainWheels.find(TEA, two, Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(marked, lock(file(FILE)), Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(other, lock(file(FILE)), Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(elsewhere, lock(file(FILE)), Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(TEA, platforms, Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(TEA, early, Target.GRAALPY.wheels())).isEmpty();
    assertThat(PlainWheels.find(TEA, others, Target.GRAALPY.wheels())).contains(file(FILE));
  }

  @Test
  void fetchesOnlyFromTheDefaultIndex() {
    var lock = lock(file(FILE));

    assertThat(plain(Optional.of(INDEX)).canFetch(TEA, lock, Target.GRAALPY.wheels())).isTrue();
    assertThat(plain(Optional.empty()).canFetch(TEA, lock, Target.GRAALPY.wheels())).isFalse();
    assertThat(
            plain(Optional.of("https://other.example"))
                .canFetch(TEA, lock, Target.GRAALPY.wheels()))
        .isFalse();
  }

  @Test
  void takesTheOnlyFileOfANarrowedRelease() {
    assertThat(TEA.only(file(FILE)).text())
        .isEqualTo("tea==1.0 \\\n    --hash=sha256:" + "a".repeat(64) + "\n");
    assertThat(new RemoteFile(FILE, "", "a\n--index-url http://127.0.0.1", 0).sha256()).isEmpty();
  }
}
