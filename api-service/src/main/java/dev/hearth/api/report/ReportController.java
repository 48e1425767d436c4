package dev.hearth.api.report;

import dev.hearth.api.revision.RevisionStore;
import dev.hearth.api.revision.RevisionStore.StoredReport;
import dev.hearth.api.tenant.Caller;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Serves {@code /v1/functions/{name}/revisions/{number}/report}. */
@RestController
@RequestMapping("/v1/functions/{name}/revisions/{number}/report")
class ReportController {

  private final RevisionStore revisions;
  private final ArtifactTransfer transfer;
  private final JsonMapper json;
  private final ReportPage page;

  ReportController(
      RevisionStore revisions, ArtifactTransfer transfer, JsonMapper json, ReportPage page) {
    this.revisions = revisions;
    this.transfer = transfer;
    this.json = json;
    this.page = page;
  }

  /**
   * Returns what the build shipped, what it left out, and why: JSON, or one HTML page without
   * further resources for those who ask for it.
   */
  @GetMapping
  ResponseEntity<?> report(
      Caller caller,
      @PathVariable String name,
      @PathVariable int number,
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accepted)
      throws IOException {
    var report = find(caller, name, number);
    return accepted.contains(MediaType.TEXT_HTML_VALUE)
        ? ResponseEntity.ok()
            .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
            .body(page.of(report))
        : ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(report);
  }

  private JsonNode find(Caller caller, String name, int number) throws IOException {
    var stored =
        Optional.of(name)
            .filter(FunctionKey::isName)
            .flatMap(valid -> revisions.report(new FunctionKey(caller.tenant(), valid), number))
            .orElseThrow(() ->
                new HearthException(
                    ErrorCode.REVISION_NOT_FOUND,
                    "There is no report of revision %d of %s: the revision does not exist, or its build has not succeeded."
                        .formatted(number, name)));
    var report = (ObjectNode) read(stored);
    report.put("function", name);
    report.put("revision", number);
    report.set("lateModules", json.valueToTree(stored.lateModules()));
    return report;
  }

  private JsonNode read(StoredReport stored) throws IOException {
    var folder = Files.createTempDirectory("hearth-report");
    try {
      var file = folder.resolve("report.json");
      transfer.fetch(stored.digest(), file);
      return json.readTree(file.toFile());
    } finally {
      FileSystemUtils.deleteRecursively(folder);
    }
  }
}
