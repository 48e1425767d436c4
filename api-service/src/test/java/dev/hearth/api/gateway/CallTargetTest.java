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

  @Test
  void doesNotNeedAHost() {
    assertThat(CallTarget.of(null, "/f/acme/tea/x")).isPresent();
  }
}
