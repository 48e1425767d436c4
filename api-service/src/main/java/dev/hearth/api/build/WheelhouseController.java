package dev.hearth.api.build;

import dev.hearth.api.tenant.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Serves {@code /v1/wheelhouse}: wheels that the builds of all tenants may use. Only the operator
 * changes them.
 */
@RestController
@RequestMapping("/v1/wheelhouse")
class WheelhouseController {

  private final BuildServiceClient builds;

  WheelhouseController(BuildServiceClient builds) {
    this.builds = builds;
  }

  @GetMapping
  Map<String, JsonNode> list(Caller caller) {
    return Map.of("wheels", builds.get("/wheels"));
  }

  /** Stores a wheel; the body is the file. */
  @PutMapping("/{file}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(Caller caller, @PathVariable String file, HttpServletRequest request)
      throws IOException {
    caller.requireOperator();
    builds.put(new InputStreamResource(request.getInputStream()), "/wheels/{file}", file);
  }

  @DeleteMapping("/{file}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable String file) {
    caller.requireOperator();
    builds.delete("/wheels/{file}", file);
  }
}
