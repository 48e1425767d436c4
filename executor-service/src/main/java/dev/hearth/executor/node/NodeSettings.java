package dev.hearth.executor.node;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Identity of this node.
 *
 * @param name name of the node, unique among nodes and the same over restarts
 * @param url address at which gateways reach the node; by default the one it listens on
 * @param data folder for artifacts, sockets and logs of hosts; the node rebuilds it when it is lost
 * @param heartbeat interval between heartbeats; at most a third of the time after which the
 *     scheduler gives up silent nodes
 */
@Validated
@ConfigurationProperties("executor.node")
public record NodeSettings(
    @NotBlank String name,
    @Nullable URI url,
    @DefaultValue(".hearth/node") Path data,
    @DefaultValue("2s") @DurationMin(millis = 100) Duration heartbeat) {}
