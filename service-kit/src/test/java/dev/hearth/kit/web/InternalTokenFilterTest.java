package dev.hearth.kit.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.HearthHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class InternalTokenFilterTest {

  private static final String TOKEN = "a secret of the installation";

  private final InternalTokenFilter filter = new InternalTokenFilter(new InternalSettings(TOKEN));
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final MockFilterChain handler = new MockFilterChain();

  private boolean reachesTheHandler(String path, String token) throws Exception {
    var request = new MockHttpServletRequest("GET", path);
    if (token != null) {
      request.addHeader(HearthHeaders.INTERNAL_TOKEN, token);
    }
    filter.doFilter(request, response, handler);
    return handler.getRequest() != null;
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "another", TOKEN + "x", "a secret of the installatio"})
  void rejectsARequestWithoutTheToken(String token) throws Exception {
    assertThat(reachesTheHandler("/blobs/x", token)).isFalse();

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(response.getContentAsString()).contains("\"code\":\"unauthenticated\"");
  }

  @Test
  void passesARequestWithTheToken() throws Exception {
    assertThat(reachesTheHandler("/blobs/x", TOKEN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/", "//health", "/health;x", "/HEALTH", "/x/../health"})
  void takesNoOtherPathForHealth(String path) throws Exception {
    assertThat(reachesTheHandler(path, null)).isFalse();
  }

  @Test
  void passesARequestForHealth() throws Exception {
    assertThat(reachesTheHandler("/health", null)).isTrue();
  }
}
