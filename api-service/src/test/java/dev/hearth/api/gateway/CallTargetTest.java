package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.FunctionKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTargetTest {

  private static final FunctionKey FUNCTION = new FunctionKey("acme", "tea");

  @ParameterizedTest
  @CsvSource({
    "/f/acme/tea,/",
    "/f/acme/tea/,/",
    "/f/acme/tea?x=1,/?x=1",
    "/f/acme/tea/a%2Fb/c?q=%20,/a%2Fb/c?q=%20",
    "/f/acme/tea//double,//double",
  })
  void takesThePrefixOffAndLeavesTheRestAsItWasSent(String sent, String rest) {
    assertThat(CallTarget.of("localhost:8080", sent))
        .contains(new CallTarget(FUNCTION, "/f/acme/tea", rest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tea.acme.localhost", "tea.acme.localhost:8080"})
  void takesTheFunctionFromTheHostName(String host) {
    assertThat(CallTarget.of(host, "/f/acme/other"))
        .contains(new CallTarget(FUNCTION, "", "/f/acme/other"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/functions", "/f/acme", "/f/ACME/tea", "/f/acme/te%20a/", "/"})
  void leavesEverythingElseToTheControlApi(String sent) {
    assertThat(CallTarget.of("localhost", sent)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/f/acme/tea/..",
        "/f/acme/tea/../x",
        "/f/acme/tea/a/../../x",
        "/f/acme/tea/%2e%2E/x",
        "/f/acme/tea/.%2e/x",
        "/f/acme/tea/..;a=b/x",
        "/f/acme/tea//../x",
        "/f/acme/tea/a%2f..%2F..",
        "/f/acme/tea/..%5Cx",
        "/f/acme/tea/./..",
      })
  void seesDotSegmentsThatLeaveTheFunction(String sent) {
    assertThat(CallTarget.of("localhost", sent).orElseThrow().leavesFunction()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/f/acme/tea/x/../y",
        "/f/acme/tea/x/%2e%2e/y",
        "/f/acme/tea/...",
        "/f/acme/tea/a..b/..c",
        "/f/acme/tea/x?q=../../..",
        "/f/acme/tea/a/b/../../c",
        "/f/acme/tea/%252e%252e/",
        "/f/acme/tea",
      })
  void leavesOtherDotSegmentsToTheFunction(String sent) {
    assertThat(CallTarget.of("localhost", sent).orElseThrow().leavesFunction()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/../f/acme/tea/", "/%66/acme/tea", "//f/acme/tea", "/f/acme/../tea/"})
  void decidesOnTheRawPath(String sent) {
    assertThat(CallTarget.of("localhost", sent)).isEmpty();
  }

  @Test
  void doesNotNeedAHost() {
    assertThat(CallTarget.of(null, "/f/acme/tea/x")).isPresent();
  }
}
