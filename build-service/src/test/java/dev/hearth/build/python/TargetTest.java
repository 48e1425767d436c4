package dev.hearth.build.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

  private static WheelName wheel(String tags) {
    return WheelName.parse("tea-1.0-" + tags + ".whl").orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "py3-none-any, true, true",
    "py2.py3-none-any, true, true",
    "py39-none-any, false, true",
    "py313-none-any, false, false",
    "py3-none-manylinux2014_x86_64, false, true",
    "py3-none-win_amd64, false, false",
    "graalpy312-graalpy250_312_native-linux_x86_64, true, true",
    "graalpy312-graalpy250_312_native-manylinux_2_17_x86_64.manylinux2014_x86_64, true, true",
    "graalpy312-graalpy250_312_native-manylinux_2_28_x86_64, true, true",
    "graalpy312-graalpy250_312_native-manylinux_2_39_x86_64, false, true",
    "graalpy312-graalpy250_312_native-musllinux_1_2_x86_64, false, false",
    "graalpy312-graalpy250_312_native-manylinux2014_aarch64, false, false",
    "graalpy312-none-any, false, true",
    "graalpy313-graalpy253_313_native-manylinux2014_x86_64, false, false",
    "cp312-cp312-manylinux2014_x86_64, false, false"
  })
  void graalpyInstallsItsOwnAndPureWheels(String tags, boolean isCertain, boolean isPossible) {
    var wheels = Target.GRAALPY.wheels();

    assertThat(wheels.areCertainOf(wheel(tags))).isEqualTo(isCertain);
    assertThat(wheels.mayInclude(wheel(tags))).isEqualTo(isPossible);
  }

  @ParameterizedTest
  @CsvSource({
    "cp312-cp312-manylinux2014_x86_64, true, true",
    "cp39-abi3-manylinux_2_28_x86_64, true, true",
    "cp313-abi3-manylinux_2_28_x86_64, false, false",
    "cp39-cp39-manylinux_2_28_x86_64, false, false",
    "cp312-cp312-musllinux_1_2_x86_64, false, false",
    "cp312-cp312-win_amd64, false, false",
    "cp312-cp312-manylinux_2_39_x86_64, false, true",
    "py3-none-any, false, true"
  })
  void acceptsSubstitutesForCPython(String tags, boolean isCertain, boolean isPossible) {
    var wheels = Target.GRAALPY.substitutes();

    assertThat(wheels.areCertainOf(wheel(tags))).isEqualTo(isCertain);
    assertThat(wheels.mayInclude(wheel(tags))).isEqualTo(isPossible);
  }

  @Test
  void keepsTheIdStable() {
    assertThat(Target.GRAALPY.id()).isEqualTo("graalpy-25.2.4-linux-x86_64");
    assertThat(Target.GRAALPY.wheels().nativeExample())
        .isEqualTo("graalpy312-graalpy250_312_native-linux_x86_64");
  }
}
