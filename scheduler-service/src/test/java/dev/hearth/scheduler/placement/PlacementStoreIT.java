package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.embedded.EmbeddedDatabase;
import dev.hearth.scheduler.placement.ClusterState.Function;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.json.JsonMapper;

/** Checks that the tables equal the planner's own state after each decision. */
class PlacementStoreIT {

  @TempDir static Path folder;

  private static EmbeddedDatabase database;
  private static SingleConnectionDataSource source;

  private final JdbcClient jdbc = JdbcClient.create(source);
  private final JsonMapper json = JsonMapper.shared();
  private final ClusterReader reader = new ClusterReader(jdbc, json);
  private final GatewayStore gateways = new GatewayStore(jdbc);
  private final PlacementStore store =
      new PlacementStore(new NamedParameterJdbcTemplate(source), json);
  private final World world = new World();

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedDatabase.start(folder);
    source =
        new SingleConnectionDataSource(
            database.url() + "&currentSchema=scheduler", "postgres", "", true);
    Flyway.configure()
        .dataSource(source)
        .defaultSchema("scheduler")
        .locations("classpath:db/migration/scheduler")
        .load()
        .migrate();
  }

  @AfterAll
  static void stop() throws IOException {
    source.destroy();
    database.close();
  }

  @BeforeEach
  void empty() {
    jdbc.sql("TRUNCATE node, gateway, acknowledgement, revision, placement, route").update();
  }

  private void write(List<Decision> decisions) {
    store.apply(decisions, world.now());
  }

  private void checkTables() {
    var read = reader.all(Instant.EPOCH);
    assertThat(read.nodes()).isEqualTo(world.state().nodes());
    assertThat(read.gateways()).isEqualTo(world.state().gateways());
    assertThat(read.functions()).isEqualTo(open(world.state().functions()));
  }

  /** Leaves out ended revisions, which the reader does not read. */
  private static Map<FunctionKey, Function> open(Map<FunctionKey, Function> functions) {
    return functions.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    new Function(
                        entry.getValue().revisions().stream()
                            .filter(revision -> revision.state().needsPlacement())
                            .toList(),
                        entry.getValue().placements(),
                        entry.getValue().route())));
  }

  @Test
  void followsARevisionFromItsArtifactToItsReplacement() {
    write(world.hears(World.NODE));
    write(world.hears(World.GATEWAY, 0));
    write(world.stored(World.FIRST));
    checkTables();
    write(world.ready(World.FIRST));
    checkTables();
    write(world.hears(World.GATEWAY, 1));
    checkTables();
    write(world.stored(World.SECOND));
    write(world.ready(World.SECOND));
    checkTables();
    write(world.hears(World.GATEWAY, 2));
    checkTables();
  }

  @Test
  void followsFailuresAndRestarts() {
    write(world.hears(World.NODE));
    write(world.hears(World.GATEWAY, 0));
    write(world.stored(World.FIRST));
    write(world.ready(World.FIRST));
    write(world.failed(World.FIRST, world.placement(World.FIRST).id()));
    checkTables();
    world.passes(Duration.ofSeconds(1));
    write(world.hears(World.NODE_AGAIN, Set.of()));
    checkTables();
    write(world.ready(World.FIRST));
    write(world.hears(World.gateway("gateway-1", 2), 3));
    checkTables();
    write(world.stored(World.SECOND));
    write(world.failed(World.SECOND, world.placement(World.SECOND).id()));
    checkTables();
    world.passes(Duration.ofMinutes(1));
    write(world.ticks());
    checkTables();
  }

  @Test
  void readsOnlyTheFunctionsThatAnEventConcerns() {
    write(world.hears(World.NODE));
    write(world.hears(World.GATEWAY, 0));
    write(world.stored(World.FIRST));
    write(world.ready(World.FIRST));
    var other = World.revision(new FunctionKey("acme", "milk"), 1);
    write(world.stored(other));

    var read = reader.some(Instant.EPOCH, Set.of(World.TEA), Optional.empty());

    assertThat(read.functions()).containsOnlyKeys(World.TEA);
    assertThat(read.functions().get(World.TEA)).isEqualTo(world.tea());
    assertThat(reader.some(Instant.EPOCH, Set.of(), Optional.empty()).functions()).isEmpty();
  }

  @Test
  void readsTheRevisionThatAnEventNamesWhateverItsState() {
    write(world.hears(World.NODE));
    write(world.stored(World.FIRST));
    write(world.failed(World.FIRST, world.placement(World.FIRST).id()));

    var read = reader.some(Instant.EPOCH, Set.of(World.TEA), Optional.of(World.FIRST.id()));

    assertThat(read.function(World.TEA).revision(World.FIRST.id()).orElseThrow().state())
        .isEqualTo(RevisionState.FAILED);
    assertThat(read.function(World.TEA).revision(new UUID(1, 1))).isEmpty();
  }

  @Test
  void forgetsGatewaysThatWereSilentForLong() {
    write(world.hears(World.GATEWAY, 0));

    gateways.forget(world.now().plusSeconds(1));

    assertThat(reader.all(Instant.EPOCH).gateways()).isEmpty();
  }
}
