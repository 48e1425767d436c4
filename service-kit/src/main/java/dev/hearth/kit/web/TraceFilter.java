package dev.hearth.kit.web;

import dev.hearth.kit.events.Trace;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/** Sets the current trace to the one that a client sends, so that the request's events carry it. */
final class TraceFilter extends OncePerRequestFilter {

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var trace = Optional.ofNullable(request.getHeader("traceparent")).filter(Trace::isValid);
    Trace.enter(trace);
    try {
      chain.doFilter(request, response);
    } finally {
      Trace.enter(Optional.empty());
    }
  }
}
