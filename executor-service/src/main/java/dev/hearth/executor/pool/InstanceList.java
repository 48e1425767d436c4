package dev.hearth.executor.pool;

import dev.hearth.executor.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The instances of a pool that have not ended. The lock of {@link Instances} guards it. */
final class InstanceList {

  private final List<Instance> members = new ArrayList<>();

  void add(Instance instance) {
    members.add(instance);
  }

  void remove(Instance instance) {
    members.remove(instance);
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  boolean isStarting() {
    return members.stream().anyMatch(each -> each.state() == InstanceState.STARTING);
  }

  /** Returns true if an instance has calls or ends after its last one. */
  boolean isBusy() {
    return members.stream()
        .anyMatch(each -> each.running() > 0 || each.state() == InstanceState.LEAVING);
  }

  List<Instance> ready() {
    return members.stream().filter(each -> each.state() == InstanceState.READY).toList();
  }

  int readyCount() {
    return ready().size();
  }

  Optional<Instance> readyWithFewestCalls() {
    // A loop instead of a stream: every call comes here.
    Instance least = null;
    for (var instance : members) {
      if (instance.state() == InstanceState.READY
          && (least == null || instance.running() < least.running())) {
        least = instance;
      }
    }
    return Optional.ofNullable(least);
  }

  /** Gives an instance no further calls; it ends after those that run. */
  void leave(Instance instance) {
    instance.leave();
    removeIfEnded(instance);
  }

  void removeIfEnded(Instance instance) {
    if (instance.state() == InstanceState.ENDED) {
      members.remove(instance);
    }
  }

  /** Ends all instances at once, but for those that start; returns the hosts of the ended ones. */
  List<Host> stopStarted() {
    var started = members.stream().filter(each -> each.state() != InstanceState.STARTING).toList();
    started.forEach(Instance::stop);
    members.removeAll(started);
    return started.stream().map(Instance::host).toList();
  }
}
