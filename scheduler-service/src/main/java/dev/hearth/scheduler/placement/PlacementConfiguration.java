package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.ArtifactEvent;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.GatewayEvent;
import dev.hearth.contracts.events.GatewayEvent.GatewayHeartbeat;
import dev.hearth.contracts.events.InstanceEvent;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.NodeEvent;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.kit.events.EventConsumers;
import dev.hearth.scheduler.placement.Event.ArtifactStored;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import dev.hearth.scheduler.placement.Event.PlacementFailed;
import dev.hearth.scheduler.placement.Event.PlacementReady;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Binds the topics {@code artifacts}, {@code nodes}, {@code instances} and {@code gateways}. */
@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

  @Bean
  Consumer<Message<byte[]>> artifacts(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        ArtifactEvent.class,
        event -> {
          switch (event) {
            case ArtifactPublished(var revision, _, var artifact, var settings) ->
                scheduler.handle(at -> new ArtifactStored(at, revision, artifact, settings));
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> nodes(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        NodeEvent.class,
        event -> {
          switch (event) {
            case NodeHeartbeat(var node, var sentAt, var url, var placements, _) ->
                scheduler.handle(
                    at -> new NodeHeard(at, node, sentAt, url, Set.copyOf(placements)));
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> instances(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        InstanceEvent.class,
        event -> {
          switch (event) {
            case InstanceReady(_, var placement, var revision, _, var timings, _) ->
                scheduler.handle(at -> new PlacementReady(at, placement, revision, timings));
            case InstanceFailed(_, var placement, var revision, _, var reason) ->
                scheduler.handle(at -> new PlacementFailed(at, placement, revision, reason));
            case ModulesMissed _ -> {}
          }
        });
  }

  @Bean
  Consumer<Message<byte[]>> gateways(EventConsumers consumers, Scheduler scheduler) {
    return consumers.of(
        GatewayEvent.class,
        event -> {
          switch (event) {
            case GatewayHeartbeat beat -> scheduler.handle(at -> heard(at, beat));
          }
        });
  }

  private static Event heard(Instant at, GatewayHeartbeat beat) {
    var generations =
        beat.generations().entrySet().stream()
            .collect(Collectors.toMap(entry -> key(entry.getKey()), entry -> entry.getValue()));
    return new GatewayHeard(at, beat.gateway(), beat.occurredAt(), generations);
  }

  private static FunctionKey key(String text) {
    var slash = text.indexOf('/');
    return new FunctionKey(text.substring(0, slash), text.substring(slash + 1));
  }
}
