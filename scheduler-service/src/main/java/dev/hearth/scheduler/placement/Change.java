package dev.hearth.scheduler.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/**
 * A change of one table that follows from a decision.
 *
 * @param aggregate what the change belongs to; changes of one aggregate keep their order
 * @param sql statement with named parameters
 * @param row row that the statement must find; empty if it may find none
 */
record Change(String aggregate, String sql, MapSqlParameterSource parameters, String row) {

  static Change of(String aggregate, String sql) {
    return new Change(aggregate, sql, new MapSqlParameterSource(), "");
  }

  Change with(String parameter, @Nullable Object value) {
    parameters.addValue(parameter, value);
    return this;
  }

  Change mustFind(String described) {
    return new Change(aggregate, sql, parameters, described);
  }

  /**
   * Checks that the statement found its row. The lock keeps other schedulers out, so anything else
   * means that the planner was wrong about the state.
   */
  void check(int rows) {
    if (!row.isEmpty() && rows != 1) {
      throw new IllegalStateException(row + " is not in the state that the planner saw");
    }
  }

  /**
   * Groups changes into batches of one statement each. The n-th changes of all aggregates come
   * before their next ones, so a hundred functions that are dropped, assigned and routed need three
   * batches.
   */
  static List<List<Change>> batches(List<Change> changes) {
    record Batch(int step, String sql) {}
    var steps = new HashMap<String, Integer>();
    var batches = new LinkedHashMap<Batch, List<Change>>();
    for (var change : changes) {
      var step = steps.merge(change.aggregate(), 1, Integer::sum);
      batches.computeIfAbsent(new Batch(step, change.sql()), _ -> new ArrayList<>()).add(change);
    }
    return batches.entrySet().stream()
        .sorted(Comparator.comparingInt(batch -> batch.getKey().step()))
        .map(Map.Entry::getValue)
        .toList();
  }
}
