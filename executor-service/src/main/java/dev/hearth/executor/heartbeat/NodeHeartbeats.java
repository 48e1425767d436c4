package dev.hearth.executor.heartbeat;

import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.executor.node.Node;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.placement.Placements;
import dev.hearth.executor.stem.StemPools;
import dev.hearth.kit.events.EventPublisher;
import java.net.URI;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Publishes heartbeats of this node at a steady interval, once its first stem is ready. */
@Component
class NodeHeartbeats {

  private static final Logger log = LoggerFactory.getLogger(NodeHeartbeats.class);

  private final Node node;
  private final NodeSettings settings;
  private final StemPools stems;
  private final Placements placements;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private volatile @Nullable URI url;

  NodeHeartbeats(
      Node node,
      NodeSettings settings,
      StemPools stems,
      Placements placements,
      EventPublisher publisher,
      InstantSource clock) {
    this.node = node;
    this.settings = settings;
    this.stems = stems;
    this.placements = placements;
    this.publisher = publisher;
    this.clock = clock;
  }

  @EventListener
  void listen(WebServerInitializedEvent event) {
    var configured = settings.url();
    url =
        configured != null && !configured.toString().isEmpty()
            ? configured
            : URI.create("http://127.0.0.1:" + event.getWebServer().getPort());
  }

  @Scheduled(fixedDelayString = "${executor.node.heartbeat:2s}")
  void beat() {
    var address = url;
    if (address == null || !stems.wasReady()) {
      return;
    }
    try {
      publisher.publish(
          new NodeHeartbeat(node.ref(), clock.instant(), address, placements.ids(), stems.size()));
    } catch (RuntimeException failed) {
      // A timer that throws is never called again.
      log.atWarn().addKeyValue("cause", failed.toString()).log("heartbeat not sent, trying again");
    }
  }
}
