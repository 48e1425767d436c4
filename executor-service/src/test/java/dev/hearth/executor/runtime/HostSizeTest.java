package dev.hearth.executor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.executor.runtime.Runtime.HostSize;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class HostSizeTest {

  @Test
  void hasRoomForTheFilesOfEachInstance() {
    var size = new HostSize(DataSize.ofMegabytes(512), DataSize.ofGigabytes(2), 20);
    var each = DataSize.ofMegabytes(64);

    assertThat(size.temporary(each)).isEqualTo(DataSize.ofMegabytes(1280));
    assertThat(size.limitWith(each)).isEqualTo(DataSize.ofMegabytes(2048 + 1280));
  }
}
