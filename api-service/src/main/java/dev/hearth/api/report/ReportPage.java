package dev.hearth.api.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Renders a report as one HTML file that contains its style and script. */
@Component
class ReportPage {

  private static final String HIERARCHY =
      "META-INF/resources/webjars/d3-hierarchy/3.1.2/dist/d3-hierarchy.min.js";

  private final String template;
  private final JsonMapper json;

  ReportPage(JsonMapper json) throws IOException {
    this.json = json;
    this.template = text("report/page.html").replace("/*hierarchy*/", text(HIERARCHY));
  }

  private static String text(String resource) throws IOException {
    return new ClassPathResource(resource).getContentAsString(StandardCharsets.UTF_8);
  }

  String of(JsonNode report) {
    // A package's name must not be able to end the script element.
    var data = json.writeValueAsString(report).replace("<", "\\u003c");
    return template.replace("/*report*/null", data);
  }
}
