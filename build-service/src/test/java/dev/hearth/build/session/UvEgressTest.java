package dev.hearth.build.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.hearth.build.TestTools;
import dev.hearth.build.project.Project;
import dev.hearth.build.python.Target;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.sandbox.SandboxSettings;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Tests the network limits of the real uv. */
class UvEgressTest {

  @TempDir Path folder;

  private HttpServer index;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    index = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    index.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          var body = "<!DOCTYPE html><html><body></body></html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    index.start();
  }

  @AfterEach
  void stop() {
    index.stop(0);
  }

  private void resolve(String tenant, String hosts) throws IOException {
    Files.writeString(
        folder.resolve("pyproject.toml"),
        """
        [project]
        name = "app"
        version = "0"
        requires-python = ">=3.12"
        dependencies = ["something"]
        [[tool.uv.index]]
        name = "inner"
        url = "http://localhost:%d/simple"
        default = true
        """
            .formatted(index.getAddress().getPort()));
    var settings =
        new Binder(
            new MapConfigurationPropertySource(
                Map.of(
                    "uv.executable",
                    TestTools.uv(),
                    "uv.hosts",
                    hosts,
                    "sandbox.bubblewrap",
                    TestTools.bubblewrap(),
                    "sandbox.trusted",
                    "ours")));
    try (var uv =
            new Uv(
                settings.bindOrCreate("uv", UvSettings.class),
                new Sandbox(settings.bindOrCreate("sandbox", SandboxSettings.class)),
                Map.of(),
                folder.resolve("data"));
        var session =
            uv.session(
                Target.GRAALPY, tenant, Optional.empty(), Wheelhouse.empty(), folder, folder)) {
      session.resolve(Project.read(folder), folder, _ -> {});
    }
  }

  @Test
  void aTenantDoesNotReachTheOperatorsNetwork() {
    assertThatThrownBy(() -> resolve("theirs", ""))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("localhost, which is an address in the operator's network");
    assertThat(asked).isEmpty();
  }

  @Test
  void theOperatorMayNameHosts() {
    assertThatThrownBy(() -> resolve("theirs", "localhost"))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("something");
    assertThat(asked).contains("/simple/something/");
  }

  @Test
  void aTrustedTenantReachesTheOperatorsNetwork() {
    assertThatThrownBy(() -> resolve("ours", ""))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("something");
    assertThat(asked).contains("/simple/something/");
  }
}
