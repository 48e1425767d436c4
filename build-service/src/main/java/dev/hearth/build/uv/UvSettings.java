package dev.hearth.build.uv;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How uv is run.
 *
 * @param executable uv itself, on PATH or with its path
 * @param limit how long one run may take
 * @param python the CPython that builds {@code pureFallback}
 * @param pureFallback projects whose native part only makes them faster: their source distribution
 *     is built without a compiler, because no wheel of theirs fits GraalPy
 */
@Validated
@ConfigurationProperties("build.uv")
record UvSettings(
    @NotBlank String executable,
    @DefaultValue("10m") Duration limit,
    @DefaultValue("python3") String python,
    @DefaultValue({"markupsafe", "pyyaml", "wrapt", "sqlalchemy"}) List<String> pureFallback) {}
