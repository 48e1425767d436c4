package dev.hearth.api.build;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.kit.web.InternalSettings;
import java.io.IOException;
import java.util.Locale;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of the build-service that passes the service's problems on. */
@Component
class BuildServiceClient {

  private final RestClient service;
  private final JsonMapper json;

  BuildServiceClient(BuildServiceSettings settings, InternalSettings internal, JsonMapper json) {
    this.json = json;
    this.service =
        RestClient.builder()
            .requestFactory(new JdkClientHttpRequestFactory())
            .baseUrl(settings.url())
            .defaultHeader(HearthHeaders.INTERNAL_TOKEN, internal.token())
            .defaultStatusHandler(
                HttpStatusCode::isError,
                (_, answer) -> {
                  throw problem(answer);
                })
            .build();
  }

  /**
   * Reads the problem of an answer. An answer without a problem comes from the build-service's web
   * server, which refuses names that a path cannot hold.
   */
  private HearthException problem(ClientHttpResponse answer) throws IOException {
    var type = answer.getHeaders().getContentType();
    if (!MediaType.APPLICATION_PROBLEM_JSON.equalsTypeAndSubtype(type)) {
      return answer.getStatusCode().is4xxClientError()
          ? new HearthException(
              ErrorCode.REQUEST_INVALID,
              "The name at the end of the path is neither a host nor a file name.")
          : new HearthException(
              ErrorCode.INTERNAL, "The build-service does not answer. Try again in a moment.");
    }
    var problem = json.readTree(answer.getBody());
    var code = problem.path("code").asString("internal");
    return new HearthException(
        ErrorCode.valueOf(code.toUpperCase(Locale.ROOT)), problem.path("detail").asString(""));
  }

  JsonNode get(String uri, Object... variables) {
    var found = service.get().uri(uri, variables).retrieve().body(JsonNode.class);
    return found == null ? json.createArrayNode() : found;
  }

  void put(Object body, String uri, Object... variables) {
    service.put().uri(uri, variables).body(body).retrieve().toBodilessEntity();
  }

  void delete(String uri, Object... variables) {
    service.delete().uri(uri, variables).retrieve().toBodilessEntity();
  }
}
