package dev.hearth.build.queue;

import dev.hearth.build.assembly.Assembler;
import dev.hearth.build.assembly.Dependencies;
import dev.hearth.build.assembly.ResolutionIndex;
import dev.hearth.build.layer.LayerIndex;
import dev.hearth.build.python.Target;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.sandbox.SandboxSettings;
import dev.hearth.build.session.Uv;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheelhouse.StoredWheels;
import dev.hearth.build.wheelhouse.Wheelhouses;
import dev.hearth.contracts.events.RevisionEvent;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.kit.events.EventConsumers;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.Message;

/** Beans of the build queue, and the consumer of the topic {@code revisions}. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

  /** Returns the only target that builds support. */
  @Bean
  Target target() {
    return Target.GRAALPY;
  }

  @Bean
  Uv uv(UvSettings settings, SandboxSettings sandbox, BuildSettings build) throws IOException {
    return new Uv(settings, new Sandbox(sandbox), System.getenv(), build.data());
  }

  @Bean
  StoredWheels wheels(
      JdbcClient jdbc, ArtifactTransfer transfer, Target target, BuildSettings build)
      throws IOException {
    return new StoredWheels(jdbc, transfer, target, build.data());
  }

  @Bean
  Assembler assembler(
      Target target,
      Uv uv,
      LayerIndex layers,
      ResolutionIndex resolutions,
      ArtifactTransfer transfer,
      Wheelhouses wheelhouses,
      BuildSettings settings) {
    return new Assembler(
        target,
        new Dependencies(
            uv, layers, resolutions, transfer::store, wheelhouses, settings.publicIndexes()),
        transfer::store);
  }

  @Bean
  Consumer<Message<byte[]>> revisions(
      EventConsumers consumers, BuildQueue queue, BuildWorkers workers) {
    return consumers.of(
        RevisionEvent.class,
        event -> {
          switch (event) {
            case RevisionUploaded uploaded -> {
              queue.add(uploaded);
              workers.wake();
            }
          }
        });
  }
}
