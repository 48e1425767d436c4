package dev.hearth.executor.stem;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of stem pools.
 *
 * @param stems booted hosts of each runtime that wait for a tenant
 * @param refillPatience longest time for which the boot of a stem is put off while instances start
 * @param refillDelay pause after the start of an instance before a stem boots, which leaves the
 *     processor to the first calls
 * @param claimPatience longest time that a tenant waits for a host while all memory is in use
 */
@Validated
@ConfigurationProperties("executor.host")
public record StemSettings(
    @DefaultValue("1") @Min(1) @Max(16) int stems,
    @DefaultValue("30s") @DurationMin(millis = 0) Duration refillPatience,
    @DefaultValue("3s") @DurationMin(millis = 0) Duration refillDelay,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration claimPatience) {}
