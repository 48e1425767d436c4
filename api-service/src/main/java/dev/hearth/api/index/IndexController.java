package dev.hearth.api.index;

import dev.hearth.api.tenant.Caller;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.kit.web.InternalSettings;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v1/indexes}: logins that builds use, each for its own host. Passwords are only written.
 */
@RestController
@RequestMapping("/v1/indexes")
class IndexController {

  private final RestClient builds;
  private final JsonMapper json;

  IndexController(BuildServiceSettings settings, InternalSettings internal, JsonMapper json) {
    this.json = json;
    this.builds =
        RestClient.builder()
            .baseUrl(settings.url())
            .defaultHeader(HearthHeaders.INTERNAL_TOKEN, internal.token())
            .defaultStatusHandler(
                HttpStatusCode::isError,
                (_, answer) -> {
                  var problem = json.readTree(answer.getBody());
                  var code = problem.path("code").asString("internal");
                  throw new HearthException(
                      ErrorCode.valueOf(code.toUpperCase(java.util.Locale.ROOT)),
                      problem.path("detail").asString(""));
                })
            .build();
  }

  /** The hosts and who the tenant is there. */
  @GetMapping
  Map<String, JsonNode> list(Caller caller) {
    var known =
        builds.get().uri("/indexes/{tenant}", caller.tenant()).retrieve().body(JsonNode.class);
    return Map.of("indexes", known == null ? json.createArrayNode() : known);
  }

  /** Takes {@code {"username": …, "password": …}}. */
  @PutMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(Caller caller, @PathVariable String host, @RequestBody JsonNode login) {
    if (!login.path("username").isString() || !login.path("password").isString()) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID, "The body is {\"username\": …, \"password\": …}, both texts.");
    }
    builds
        .put()
        .uri("/indexes/{tenant}/{host}", caller.tenant(), host)
        .contentType(MediaType.APPLICATION_JSON)
        .body(login)
        .retrieve()
        .toBodilessEntity();
  }

  @DeleteMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable String host) {
    builds
        .method(HttpMethod.DELETE)
        .uri("/indexes/{tenant}/{host}", caller.tenant(), host)
        .retrieve()
        .toBodilessEntity();
  }
}
