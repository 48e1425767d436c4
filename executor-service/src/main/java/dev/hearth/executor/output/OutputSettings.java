package dev.hearth.executor.output;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The queue of functions' output for the log.
 *
 * @param lines most lines that wait for the broker; a further line blocks the function's print
 * @param batch most lines that are published together
 */
@Validated
@ConfigurationProperties("executor.output")
record OutputSettings(
    @DefaultValue("10000") @Min(1) int lines, @DefaultValue("500") @Min(1) int batch) {}
