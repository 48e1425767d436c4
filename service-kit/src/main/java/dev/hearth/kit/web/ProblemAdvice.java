package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Converts exceptions of controllers and of Spring into problems. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Boot's own advice.
public class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<Problem> handle(HearthException failed, ServletWebRequest request) {
    return answer(
        new Problem(
            failed.code(),
            failed.detail(),
            request.getRequest().getRequestURI(),
            ServletProblems.trace(request.getRequest())));
  }

  @ExceptionHandler
  ResponseEntity<Problem> handle(RuntimeException unexpected, ServletWebRequest request) {
    var problem =
        new Problem(
            ErrorCode.INTERNAL,
            Problems.UNEXPECTED,
            request.getRequest().getRequestURI(),
            ServletProblems.trace(request.getRequest()));
    log.atError().setCause(unexpected).addKeyValue("trace", problem.trace()).log("request failed");
    return answer(problem);
  }

  private static ResponseEntity<Problem> answer(Problem problem) {
    var response = ResponseEntity.status(problem.status());
    problem.headers().forEach(response::header);
    return response.body(problem);
  }

  /** Replaces Spring's error bodies (404, 405, 415, …) with problems. */
  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    var asked = ((ServletWebRequest) request).getRequest();
    var detail =
        body instanceof ProblemDetail found
            ? Optional.ofNullable(found.getDetail())
            : Optional.<String>empty();
    var problem =
        Problem.ofStatus(
            status.value(),
            detail.orElse(ServletProblems.reason(status.value())),
            asked.getRequestURI(),
            ServletProblems.trace(asked));
    var all = new HttpHeaders(headers);
    problem.headers().forEach(all::set);
    return new ResponseEntity<>(problem, all, status);
  }
}
