package dev.hearth.executor.host;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of host processes.
 *
 * @param bootLimit longest boot of a host
 * @param startLimit longest start of an instance, its imports and its probe together
 * @param pingLimit longest answer to a ping; a host that starts an instance is lost after three
 *     missed pings in a row
 * @param endLimit longest time for what a function's code left for the end of an instance: the
 *     shutdown of its lifespan, handlers of SIGTERM, functions of {@code atexit}
 * @param stopLimit longest end of an instance beyond {@code endLimit}
 * @param answersLimit time in which a host that must end answers its other calls
 * @param leaveLimit time in which a host that is replaced for its age or use answers its calls
 * @param instanceTemporary most bytes that one instance may write to its temporary folder
 */
@Validated
@ConfigurationProperties("executor.host")
public record HostSettings(
    @DefaultValue("120s") @DurationMin(seconds = 1) Duration bootLimit,
    @DefaultValue("90s") @DurationMin(seconds = 1) Duration startLimit,
    @DefaultValue("3s") @DurationMin(millis = 1) Duration pingLimit,
    @DefaultValue("10s") @DurationMin(millis = 1) Duration endLimit,
    @DefaultValue("10s") @DurationMin(millis = 1) Duration stopLimit,
    @DefaultValue("1s") @DurationMin(millis = 1) Duration answersLimit,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration leaveLimit,
    @DefaultValue("64MB") DataSize instanceTemporary) {}
