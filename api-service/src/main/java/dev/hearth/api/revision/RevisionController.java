package dev.hearth.api.revision;

import dev.hearth.api.log.LogSource;
import dev.hearth.api.log.LogStore;
import dev.hearth.api.tenant.Caller;
import dev.hearth.api.upload.SourceArchive;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.RuntimeSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Serves {@code /v1/functions/{name}/revisions}. */
@RestController
@RequestMapping("/v1/functions/{name}/revisions")
class RevisionController {

  private static final long LARGEST_UPLOAD = 128L << 20;

  private final Uploads uploads;
  private final RevisionStore store;
  private final LogStore logs;
  private final BuildLogStream stream;
  private final JsonMapper json;

  RevisionController(
      Uploads uploads, RevisionStore store, LogStore logs, BuildLogStream stream, JsonMapper json) {
    this.stream = stream;
    this.uploads = uploads;
    this.store = store;
    this.logs = logs;
    this.json = json;
  }

  /**
   * Receives a project as zip or tar.gz; answers 202 with the queued revision.
   *
   * @param entry {@code Hearth-Entry}: {@code module:attribute}, overrides the project's
   * @param environment {@code Hearth-Environment}: a JSON object of strings, added to the project's
   */
  @PostMapping
  ResponseEntity<Revision> upload(
      Caller caller,
      @PathVariable String name,
      @RequestHeader("Hearth-Entry") Optional<String> entry,
      @RequestHeader("Hearth-Environment") Optional<String> environment,
      HttpServletRequest request)
      throws IOException {
    var begun = System.nanoTime();
    if (!FunctionKey.isName(name)) {
      throw new HearthException(
          ErrorCode.FUNCTION_NAME_INVALID,
          "A function's name is 1–63 lower-case letters, digits and inner hyphens but is \"%s\"."
              .formatted(name));
    }
    var added = environment(environment);
    var scratch = Files.createTempDirectory("hearth-upload");
    try {
      var upload = scratch.resolve("upload");
      receive(request.getInputStream(), upload);
      var source = SourceArchive.read(upload, scratch);
      var revision =
          uploads.take(new FunctionKey(caller.tenant(), name), source, entry, added, begun);
      return ResponseEntity.accepted()
          .location(URI.create("/v1/functions/" + name + "/revisions/" + revision.number()))
          .body(revision);
    } finally {
      FileSystemUtils.deleteRecursively(scratch);
    }
  }

  private Map<String, String> environment(Optional<String> header) {
    if (header.isEmpty()) {
      return Map.of();
    }
    JsonNode given;
    try {
      given = json.readTree(header.get());
    } catch (JacksonException _) {
      given = json.nullNode();
    }
    if (!given.isObject() || !given.valueStream().allMatch(JsonNode::isString)) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID, "Hearth-Environment must be a JSON object of strings.");
    }
    var environment = new LinkedHashMap<String, String>();
    for (var variable : given.properties()) {
      var value = variable.getValue().asString();
      RuntimeSettings.requireVariable(
          ErrorCode.REQUEST_INVALID, "Hearth-Environment", variable.getKey(), value);
      environment.put(variable.getKey(), value);
    }
    return environment;
  }

  private static void receive(InputStream body, Path file) throws IOException {
    var buffer = new byte[64 * 1024];
    long received = 0;
    try (var out = Files.newOutputStream(file)) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        received += read;
        if (received > LARGEST_UPLOAD) {
          throw new HearthException(
              ErrorCode.ARCHIVE_TOO_LARGE,
              "The upload has more than %d MiB. Leave out files that the function does not need."
                  .formatted(LARGEST_UPLOAD >> 20));
        }
        out.write(buffer, 0, read);
      }
    }
  }

  @GetMapping("/{number}")
  Revision get(Caller caller, @PathVariable String name, @PathVariable int number) {
    return find(caller, name, number);
  }

  /**
   * Returns the build log as text, or for {@code Accept: text/event-stream} as events after {@code
   * Last-Event-ID} until the build has ended.
   */
  @GetMapping("/{number}/build-log")
  Object buildLog(
      Caller caller,
      @PathVariable String name,
      @PathVariable int number,
      @RequestHeader(HttpHeaders.ACCEPT) Optional<String> accept,
      @RequestHeader("Last-Event-ID") Optional<String> last) {
    var revision = find(caller, name, number);
    if (accept.filter(types -> types.contains(MediaType.TEXT_EVENT_STREAM_VALUE)).isPresent()) {
      return stream.open(revision, last.map(RevisionController::id).orElse(0L));
    }
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(logs.text(revision.ref().id(), LogSource.BUILD).getBytes(StandardCharsets.UTF_8));
  }

  private static long id(String last) {
    try {
      return Long.parseLong(last);
    } catch (NumberFormatException broken) {
      throw new HearthException(
          ErrorCode.REQUEST_INVALID,
          "Last-Event-ID must be the number of an event but is \"%s\".".formatted(last),
          broken);
    }
  }

  private Revision find(Caller caller, String name, int number) {
    return Optional.of(name)
        .filter(FunctionKey::isName)
        .flatMap(valid -> store.find(new FunctionKey(caller.tenant(), valid), number))
        .orElseThrow(() ->
            new HearthException(
                ErrorCode.REVISION_NOT_FOUND,
                "There is no revision %d of %s. GET /v1/functions/%s lists them."
                    .formatted(number, name, name)));
  }
}
