package dev.hearth.api.build;

import dev.hearth.api.tenant.Caller;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /v1/indexes}: the tenant's logins at package indexes, one for each host. Passwords
 * can be written but not read.
 */
@RestController
@RequestMapping("/v1/indexes")
class IndexController {

  private final BuildServiceClient builds;

  IndexController(BuildServiceClient builds) {
    this.builds = builds;
  }

  /** Returns hosts and user names. */
  @GetMapping
  Map<String, JsonNode> list(Caller caller) {
    return Map.of("indexes", builds.get("/indexes/{tenant}", caller.tenant()));
  }

  /** Stores a login: {@code {"username": …, "password": …}}. */
  @PutMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(Caller caller, @PathVariable String host, @RequestBody JsonNode login) {
    if (!login.path("username").isString() || !login.path("password").isString()) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID,
          "The body must be {\"username\": …, \"password\": …} with two strings.");
    }
    builds.put(login, "/indexes/{tenant}/{host}", caller.tenant(), host);
  }

  @DeleteMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable String host) {
    builds.delete("/indexes/{tenant}/{host}", caller.tenant(), host);
  }
}
