package dev.hearth.api.function;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.api.log.LogSource;
import dev.hearth.api.log.LogStore;
import dev.hearth.api.revision.Revision;
import dev.hearth.api.revision.RevisionState;
import dev.hearth.api.revision.RevisionStore;
import dev.hearth.api.tenant.Caller;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/functions}. */
@RestController
@RequestMapping("/v1/functions")
class FunctionController {

  private final JdbcClient jdbc;
  private final RevisionStore revisions;
  private final LogStore logs;

  FunctionController(JdbcClient jdbc, RevisionStore revisions, LogStore logs) {
    this.jdbc = jdbc;
    this.revisions = revisions;
    this.logs = logs;
  }

  /**
   * A function.
   *
   * @param live the number of the revision that takes the calls
   * @param latest the newest revision, whatever became of it
   * @param revisions all, newest first; only when one function is asked for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Function(
      String name,
      String url,
      @Nullable Integer live,
      Revision latest,
      @Nullable List<Revision> revisions) {}

  /** A list that may get more members later. */
  record Functions(List<Function> functions) {}

  @GetMapping
  Functions list(Caller caller) {
    var names =
        jdbc.sql("SELECT name FROM function WHERE tenant = :tenant ORDER BY name")
            .param("tenant", caller.tenant())
            .query((row, _) -> row.getString("name"))
            .list();
    return new Functions(
        names.stream()
            .map(name -> describe(new FunctionKey(caller.tenant(), name), false))
            .toList());
  }

  @GetMapping("/{name}")
  Function get(Caller caller, @PathVariable String name) {
    return describe(known(caller, name), true);
  }

  private Function describe(FunctionKey key, boolean withRevisions) {
    var all = revisions.all(key);
    return new Function(
        key.function(),
        "/f/" + key + "/",
        live(all).map(Revision::number).orElse(null),
        all.getFirst(),
        withRevisions ? all : null);
  }

  private static Optional<Revision> live(List<Revision> all) {
    return all.stream().filter(revision -> revision.state() == RevisionState.LIVE).findFirst();
  }

  /** What a revision's code printed: the named one, else the live one, else the latest. */
  @GetMapping("/{name}/logs")
  ResponseEntity<byte[]> logs(
      Caller caller, @PathVariable String name, @RequestParam Optional<Integer> revision) {
    var key = known(caller, name);
    var all = revisions.all(key);
    var chosen =
        revision.isPresent()
            ? revisions
                .find(key, revision.get())
                .orElseThrow(() ->
                    new HearthException(
                        ErrorCode.REVISION_NOT_FOUND,
                        "There is no revision %d of %s.".formatted(revision.get(), name)))
            : live(all).orElse(all.getFirst());
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(logs.text(chosen.ref().id(), LogSource.FUNCTION).getBytes(StandardCharsets.UTF_8));
  }

  private FunctionKey known(Caller caller, String name) {
    return Optional.of(name)
        .filter(FunctionKey::isName)
        .map(valid -> new FunctionKey(caller.tenant(), valid))
        .filter(key -> !revisions.all(key).isEmpty())
        .orElseThrow(() ->
            new HearthException(
                ErrorCode.FUNCTION_NOT_FOUND,
                "There is no function %s. GET /v1/functions lists yours.".formatted(name)));
  }
}
