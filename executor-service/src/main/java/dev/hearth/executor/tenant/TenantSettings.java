package dev.hearth.executor.tenant;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Replacement of tenants' hosts.
 *
 * @param age longest service of a host; then its instances move to a new one
 * @param lives number of instances after which a host is replaced
 * @param idle time after which a host without instances ends
 * @param young age below which a host is not replaced for its use of resources
 * @param full share of the heap in use above which a host gets no further instances for now
 * @param usedUp share of the heap, descriptors or threads in use above which a host is replaced
 */
@Validated
@ConfigurationProperties("executor.host")
public record TenantSettings(
    @DefaultValue("24h") @DurationMin(seconds = 1) Duration age,
    @DefaultValue("1000") @Min(1) int lives,
    @DefaultValue("1m") @DurationMin(millis = 1) Duration idle,
    @DefaultValue("10m") @DurationMin(millis = 0) Duration young,
    @DefaultValue("0.7") @DecimalMin("0.1") @DecimalMax("1") double full,
    @DefaultValue("0.85") @DecimalMin("0.1") @DecimalMax("1") double usedUp) {}
