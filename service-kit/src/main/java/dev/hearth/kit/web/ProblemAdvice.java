package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
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
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * The one place where an exception becomes an RFC 9457 problem. Stack traces of ours stay in our
 * log.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // Boot has one as well.
public class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(HearthException failed) {
    return answer(failed.code(), failed.detail());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> handle(RuntimeException unexpected) {
    log.atError().setCause(unexpected).log("request failed");
    return answer(
        ErrorCode.INTERNAL, "Try again; if it stays, ask the operator to look at the log.");
  }

  private static ResponseEntity<ProblemDetail> answer(ErrorCode code, String detail) {
    var problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(code.status()), detail);
    problem.setTitle(code.title());
    problem.setProperty("code", code.code());
    var response = ResponseEntity.status(code.status());
    if (code == ErrorCode.UNAUTHENTICATED) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return response.body(problem);
  }

  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @org.jspecify.annotations.Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode statusCode,
      WebRequest request) {
    if (body instanceof ProblemDetail problem) {
      var code = statusCode.value() == 404 ? ErrorCode.NOT_FOUND : ErrorCode.REQUEST_INVALID;
      problem.setProperty("code", code.code());
    }
    return super.createResponseEntity(body, headers, statusCode, request);
  }
}
