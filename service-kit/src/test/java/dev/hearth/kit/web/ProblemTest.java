package dev.hearth.kit.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Tests the problems of controllers, of handlers before Spring, and of Spring. */
class ProblemTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static ConfigurableApplicationContext service;
  private static final HttpClient http = HttpClient.newHttpClient();

  @RestController
  static class Raising {

    @GetMapping("/raise/{code}")
    String raise(@PathVariable ErrorCode code) {
      throw new HearthException(code, "detail of " + code);
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("a secret");
    }

    @PostMapping(value = "/json", consumes = MediaType.APPLICATION_JSON_VALUE)
    String json() {
      return "";
    }
  }

  private static final class Writing extends Handler.Wrapper {
    Writing(Handler next) {
      super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var path = request.getHttpURI().getPath();
      if (!path.startsWith("/write/")) {
        return super.handle(request, response, callback);
      }
      var code = ErrorCode.valueOf(path.substring("/write/".length()));
      Problems.write(request, response, callback, code, "detail of " + code);
      return true;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    JettyServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class
  })
  @Import({WebConfiguration.class, Raising.class})
  static class Service {
    @Bean
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> calls() {
      return factory -> CallServer.takeCalls(factory, Writing::new);
    }
  }

  @BeforeAll
  static void start() {
    service =
        new SpringApplicationBuilder(Service.class)
            .web(WebApplicationType.SERVLET)
            .run(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.main.log-startup-info=false");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static HttpRequest.Builder request(String path) {
    var port = ((WebServerApplicationContext) service).getWebServer().getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header("traceparent", TRACEPARENT);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void answersEachCodeTheSameWayFromControllersAndHandlers(ErrorCode code) throws Exception {
    for (var way : new String[] {"/raise/", "/write/"}) {
      var answer = send(request(way + code));

      assertProblem(answer, code.status(), code);
      assertThat(members(answer))
          .isEqualTo(
              Map.of(
                  "type",
                  "about:blank",
                  "title",
                  code.title(),
                  "status",
                  code.status(),
                  "detail",
                  "detail of " + code,
                  "instance",
                  way + code,
                  "code",
                  code.code(),
                  "trace",
                  "0af7651916cd43dd8448eb211c80319c"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere, 404, NOT_FOUND",
    "PUT, /json, 405, REQUEST_INVALID",
    "POST, /json, 415, REQUEST_INVALID",
    "GET, /raise/NO_SUCH_CODE, 400, REQUEST_INVALID",
    "GET, /broken, 500, INTERNAL",
    "NONSENSE, /nowhere, 404, NOT_FOUND",
    "GET, /x;y/..%2f, 404, NOT_FOUND",
  })
  void answersErrorsOfSpringWithProblems(String method, String path, int status, ErrorCode code)
      throws Exception {
    var answer = send(request(path).method(method, BodyPublishers.ofString("x")));

    assertProblem(answer, status, code);
    assertThat(answer.body()).doesNotContain("a secret");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var answer = send(request("/write/NO_INSTANCE").HEAD());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEmpty();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, ErrorCode code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.headers().firstValue("Hearth-Error")).hasValue(code.code());
    assertThat(answer.headers().firstValue("Retry-After").isPresent())
        .isEqualTo(code.kind() == ErrorCode.Kind.CAPACITY);
    assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent())
        .isEqualTo(code == ErrorCode.UNAUTHENTICATED);
    assertThat(members(answer)).containsEntry("status", status).containsEntry("code", code.code());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(HttpResponse<String> answer) {
    return JsonMapper.shared().readValue(answer.body(), Map.class);
  }
}
