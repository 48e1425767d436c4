package dev.hearth.executor.node;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who this node is.
 *
 * @param name unique among nodes, the same over restarts
 * @param url where gateways reach it; by default the address it listens on
 * @param data folder for artifacts, sockets and host logs; may be lost
 */
@Validated
@ConfigurationProperties("executor.node")
public record NodeSettings(
    @NotBlank String name, @Nullable URI url, @DefaultValue(".hearth/node") Path data) {}
