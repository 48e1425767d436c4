package dev.hearth.executor.pool;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Growth, shrinking and patience of instance pools.
 *
 * @param growAfter time that a call waits until the pool starts a further instance
 * @param shrinkAfter idle time after which an instance beyond the first ones ends
 * @param evictAfter idle time before which an instance is not evicted, because answers of its last
 *     calls may still be on their way
 * @param startPatience time that a call waits for a start, on top of the function's own limit
 * @param startBackoff back-off after a failed start
 */
@Validated
@ConfigurationProperties("executor.pool")
public record PoolSettings(
    @DefaultValue("200ms") @DurationMin(millis = 1) Duration growAfter,
    @DefaultValue("1m") @DurationMin(millis = 1) Duration shrinkAfter,
    @DefaultValue("5s") @DurationMin(millis = 0) Duration evictAfter,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration startPatience,
    @DefaultValue("10s") @DurationMin(millis = 0) Duration startBackoff) {}
