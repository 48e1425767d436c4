package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Rejects requests without the installation's secret, except those to {@code /health}. */
public final class InternalTokenFilter extends OncePerRequestFilter {

  private final InternalSettings settings;

  public InternalTokenFilter(InternalSettings settings) {
    this.settings = settings;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getRequestURI().equals("/health");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (settings.accepts(request.getHeader(HearthHeaders.INTERNAL_TOKEN))) {
      chain.doFilter(request, response);
    } else {
      ServletProblems.write(
          response,
          new Problem(
              ErrorCode.UNAUTHENTICATED,
              "This service accepts requests from Hearth's own services only. Use the API.",
              request.getRequestURI(),
              ServletProblems.trace(request)));
    }
  }
}
