package dev.hearth.api.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One HTML file that holds report, style and script, so that it can be kept and sent. */
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
    // What a package calls itself must not end our script.
    var data = json.writeValueAsString(report).replace("<", "\\u003c");
    return template.replace("/*report*/null", data);
  }
}
