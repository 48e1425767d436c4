package dev.hearth.executor.runtime;

import dev.hearth.contracts.RuntimeSettings;
import java.util.List;
import org.springframework.stereotype.Component;

/** The runtimes of this node. */
@Component
public class Runtimes {

  private final List<Runtime> all;

  public Runtimes(List<Runtime> all) {
    this.all = List.copyOf(all);
  }

  public List<Runtime> all() {
    return all;
  }

  /** Returns the runtime that runs a revision. */
  public Runtime of(RuntimeSettings settings) {
    return all.stream()
        .filter(runtime -> runtime.runs(settings))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("no runtime on this node runs " + settings.entry()));
  }
}
