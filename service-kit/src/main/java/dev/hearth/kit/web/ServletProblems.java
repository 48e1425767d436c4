package dev.hearth.kit.web;

import dev.hearth.contracts.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems from servlets and filters. */
final class ServletProblems {

  private static final JsonMapper JSON = JsonMapper.shared();

  private ServletProblems() {}

  static String trace(HttpServletRequest request) {
    return Problem.trace(request.getHeader("traceparent"), null);
  }

  /** Returns the reason phrase of a status as a sentence. */
  static String reason(int status) {
    return Optional.ofNullable(HttpStatus.resolve(status))
        .map(known -> known.getReasonPhrase() + ".")
        .orElse("The request was answered with status " + status + ".");
  }

  /** Writes the problem; the response must not be committed. */
  static void write(HttpServletResponse response, Problem problem) throws IOException {
    var body = JSON.writeValueAsBytes(problem);
    response.setStatus(problem.status());
    problem.headers().forEach(response::setHeader);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
