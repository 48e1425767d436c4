package dev.hearth.kit.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.kit.dispatch.Invocation.Origin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "2001:db8:0:0:0:0:0:1, 2001:db8::1",
    "fe80:0:0:0:0:0:0:0, fe80::",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "10:0:20:30:40:50:60:70, 10:0:20:30:40:50:60:70",
    "192.0.2.10, 192.0.2.10",
  })
  void writesAddressesShort(String address, String shortened) {
    assertThat(new Origin(address, "http", "localhost", false).client()).isEqualTo(shortened);
  }
}
