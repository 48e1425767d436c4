package dev.hearth.api.function;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.api.gateway.CallMetrics;
import dev.hearth.api.log.LogStore;
import dev.hearth.api.log.LogStore.FunctionLine;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Serves {@code /v1/functions}. */
@RestController
@RequestMapping("/v1/functions")
class FunctionController {

  private final JdbcClient jdbc;
  private final RevisionStore revisions;
  private final LogStore logs;
  private final CallMetrics metrics;
  private final JsonMapper json;

  FunctionController(
      JdbcClient jdbc,
      RevisionStore revisions,
      LogStore logs,
      CallMetrics metrics,
      JsonMapper json) {
    this.json = json;
    this.metrics = metrics;
    this.jdbc = jdbc;
    this.revisions = revisions;
    this.logs = logs;
  }

  /**
   * A function.
   *
   * @param live number of the revision that takes the calls
   * @param latest the newest revision in any state
   * @param revisions all revisions, newest first; only in the answer about a single function
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Function(
      String name,
      String url,
      @Nullable Integer live,
      Revision latest,
      @Nullable List<Revision> revisions) {}

  /** The list of functions, as an object so that members can be added later. */
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

  @GetMapping("/{name}/metrics")
  CallMetrics.FunctionMetrics metrics(Caller caller, @PathVariable String name) {
    return metrics.of(known(caller, name));
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

  /**
   * Returns what the code of the function printed: text, or one JSON object a line for those who
   * ask for it.
   *
   * @param revision only what this revision printed
   * @param after only entries with a greater id
   */
  @GetMapping("/{name}/logs")
  ResponseEntity<byte[]> logs(
      Caller caller,
      @PathVariable String name,
      @RequestParam Optional<Integer> revision,
      @RequestParam(defaultValue = "0") long after,
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accepted) {
    var lines = entries(caller, name, revision, after);
    return accepted.contains(MediaType.APPLICATION_NDJSON_VALUE)
        ? answer(MediaType.APPLICATION_NDJSON, lines.map(json::writeValueAsString))
        : answer(
            new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8),
            lines.map(FunctionLine::line));
  }

  private static ResponseEntity<byte[]> answer(MediaType type, Stream<String> lines) {
    var text = lines.map(line -> line + "\n").collect(Collectors.joining());
    return ResponseEntity.ok().contentType(type).body(text.getBytes(StandardCharsets.UTF_8));
  }

  private Stream<FunctionLine> entries(
      Caller caller, String name, Optional<Integer> revision, long after) {
    var key = known(caller, name);
    if (revision.isPresent() && revisions.find(key, revision.get()).isEmpty()) {
      throw new HearthException(
          ErrorCode.REVISION_NOT_FOUND,
          "There is no revision %d of %s. GET /v1/functions/%s lists them."
              .formatted(revision.get(), name, name));
    }
    return logs.ofFunction(key, revision, after).stream();
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
