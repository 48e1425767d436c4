package dev.hearth.executor.stem;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Stem pools.
 *
 * @param stems booted hosts of each runtime that wait for a tenant
 * @param refillPatience longest time that the boot of a stem waits for instances that start
 * @param refillDelay pause between the start of an instance and the boot of a stem, in which the
 *     first calls have the processor
 * @param claimPatience longest time that a tenant waits for a host while all memory is in use
 */
@Validated
@ConfigurationProperties("executor.host")
public record StemSettings(
    @DefaultValue("1") @Min(1) @Max(16) int stems,
    @DefaultValue("30s") @DurationMin(millis = 0) Duration refillPatience,
    @DefaultValue("3s") @DurationMin(millis = 0) Duration refillDelay,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration claimPatience) {}
