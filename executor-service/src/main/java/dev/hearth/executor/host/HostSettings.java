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
 * @param bootLimit longest boot
 * @param startLimit longest start of an instance, its imports and its probe together
 * @param pingLimit longest answer to a ping; after three missed ones in a row a host that starts an
 *     instance counts as lost
 * @param stopLimit longest end of an instance, for which nobody waits
 * @param answersLimit time that a host which must end has for the answers of its other calls
 * @param leaveLimit the same for a host that is replaced only because of its age or use
 * @param instanceTemporary most bytes that one instance may write to its temporary folder
 */
@Validated
@ConfigurationProperties("executor.host")
public record HostSettings(
    @DefaultValue("120s") @DurationMin(seconds = 1) Duration bootLimit,
    @DefaultValue("90s") @DurationMin(seconds = 1) Duration startLimit,
    @DefaultValue("3s") @DurationMin(millis = 1) Duration pingLimit,
    @DefaultValue("10s") @DurationMin(millis = 1) Duration stopLimit,
    @DefaultValue("1s") @DurationMin(millis = 1) Duration answersLimit,
    @DefaultValue("30s") @DurationMin(millis = 1) Duration leaveLimit,
    @DefaultValue("64MB") DataSize instanceTemporary) {}
