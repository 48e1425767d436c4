package dev.hearth.kit.web;

import dev.hearth.contracts.Problem;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Responds with problems to errors that the servlet container detects outside of controllers. */
@Controller
public class ProblemErrorController implements ErrorController {

  /** Handles everything that the container forwards to its error page. */
  @RequestMapping("/error")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var status =
        Optional.ofNullable(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE))
            .map(Integer.class::cast)
            .orElse(404);
    var path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    var detail = status < 500 ? ServletProblems.reason(status) : Problems.UNEXPECTED;
    ServletProblems.write(
        response,
        Problem.ofStatus(
            status,
            detail,
            path == null ? request.getRequestURI() : path.toString(),
            ServletProblems.trace(request)));
  }
}
