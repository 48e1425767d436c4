package dev.hearth.executor.placement;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Warming of placements after a restart.
 *
 * @param warming most placements that are warmed at a time after a restart
 * @param warmingDelay time after the last start that a call or a deployment needed, and after the
 *     last assignment of a placement, before anything is warmed
 * @param warmingPatience longest time that warming waits for starts that a call or a deployment
 *     needs
 */
@Validated
@ConfigurationProperties("executor.placement")
record PlacementSettings(
    @DefaultValue("1") @Min(1) @Max(64) int warming,
    @DefaultValue("3s") @DurationMin(millis = 0) Duration warmingDelay,
    @DefaultValue("30s") @DurationMin(millis = 0) Duration warmingPatience) {}
