package dev.hearth.executor.snapshot;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Snapshots of hosts that have imported a revision.
 *
 * @param snapshotAfter import time above which a function gets a snapshot
 * @param snapshots most disk space of all these snapshots
 */
@Validated
@ConfigurationProperties("executor.host")
public record SnapshotSettings(
    @DefaultValue("500ms") @DurationMin(millis = 0) Duration snapshotAfter,
    @DefaultValue("8GB") DataSize snapshots) {}
