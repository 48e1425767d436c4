package dev.hearth.build.queue;

import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerIndex;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Repository of layers. */
@Component
class JdbcLayerIndex implements LayerIndex {

  private final JdbcClient jdbc;
  private final JsonMapper json;

  JdbcLayerIndex(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public Optional<List<Layer>> find(String key) {
    return jdbc.sql("SELECT layers FROM layer WHERE key = :key")
        .param("key", key)
        .query((row, _) ->
            json.readValue(row.getString("layers"), new TypeReference<List<Layer>>() {}))
        .optional();
  }

  @Override
  public void keep(String key, List<Layer> layers) {
    jdbc.sql("INSERT INTO layer (key, layers) VALUES (:key, :layers) ON CONFLICT (key) DO NOTHING")
        .param("key", key)
        .param("layers", json.writeValueAsString(layers))
        .update();
  }
}
