package dev.hearth.build.assembly;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredAddressesTest {

  @TempDir Path folder;

  private void check(String address) throws IOException {
    var file = Files.writeString(folder.resolve("pyproject.toml"), "url = \"" + address + "\"");
    DeclaredAddresses.refusePrivate(List.of(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9000/simple",
        "http://localhost/simple",
        "http://user:word@10.1.2.3/simple",
        "https://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/simple",
        "http://[fd00::1]/simple",
        "http://0.0.0.0:80/",
        "git+ssh://172.16.0.9/repository"
      })
  void refusesPrivateAddresses(String address) {
    assertThatThrownBy(() -> check(address))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("our own network");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://93.184.216.34/simple", "https://no-such-host.invalid/"})
  void letsOthersThrough(String address) {
    assertThatCode(() -> check(address)).doesNotThrowAnyException();
  }
}
