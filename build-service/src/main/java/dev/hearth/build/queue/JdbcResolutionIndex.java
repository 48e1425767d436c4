package dev.hearth.build.queue;

import dev.hearth.build.assembly.ResolutionIndex;
import dev.hearth.build.lock.Resolution;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Repository of resolutions. */
@Component
class JdbcResolutionIndex implements ResolutionIndex {

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final BuildSettings settings;

  JdbcResolutionIndex(JdbcClient jdbc, JsonMapper json, BuildSettings settings) {
    this.jdbc = jdbc;
    this.json = json;
    this.settings = settings;
  }

  @Override
  public Optional<Resolution> find(String tenant, String key, boolean isLocked) {
    return jdbc.sql(
            """
            SELECT resolution FROM resolution
             WHERE tenant = :tenant AND key = :key
               AND (:locked OR created_at > now() - make_interval(secs => :fresh))
            """)
        .param("tenant", tenant)
        .param("key", key)
        .param("locked", isLocked)
        .param("fresh", settings.fresh().toSeconds())
        .query((row, _) -> json.readValue(row.getString("resolution"), Resolution.class))
        .optional();
  }

  @Override
  public void keep(String tenant, String key, Resolution resolution) {
    jdbc.sql(
            """
            INSERT INTO resolution (tenant, key, resolution) VALUES (:tenant, :key, :resolution)
            ON CONFLICT (tenant, key) DO UPDATE SET resolution = EXCLUDED.resolution, created_at = now()
            """)
        .param("tenant", tenant)
        .param("key", key)
        .param("resolution", json.writeValueAsString(resolution))
        .update();
  }
}
