package dev.hearth.executor.host;

import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.memory.NodeMemory.Resident;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.snapshot.Checkpointable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Transport;

/** A host process, as pools and tenants see it. */
public interface Host extends Resident, Checkpointable {

  @Override
  String name();

  @Override
  boolean isAlive();

  HostLifecycle lifecycle();

  /** Returns the folders that the host shares with this node. */
  HostFolder folder();

  /** Returns the transport over the host's UNIX socket. */
  Transport transport();

  /** Starts an instance with a reserved place; blocks until it has answered its probe or failed. */
  StartResult start(InstanceSpec spec) throws InterruptedException;

  /** Resumes the instance of a restored host; blocks until its hooks have run. */
  StartResult resume(String instance) throws InterruptedException;

  /** Prepares the only instance for a checkpoint; blocks until its hooks have run. */
  StartResult suspend(String instance) throws InterruptedException;

  /** Ends an instance; does not wait. */
  void stop(String instance);

  /** Completes when the instances that were stopped have ended, within the limits of their ends. */
  CompletableFuture<Void> quiet();

  /** Tells the host that the client of an invocation has left; does not wait. */
  void cancel(String invocation);

  /** Completes with true if the host answers a ping in time. */
  CompletableFuture<Boolean> answers();

  /** Asks the host for its use of resources; empty if it does not answer. */
  Optional<HostState> state() throws InterruptedException;

  /** Reserves a place for an instance; the host serves a tenant from now on. */
  void reserve(String instance);

  /** Gives up the place of an instance that has ended. */
  void forget(String instance);

  /** Returns the number of places that are reserved or in use. */
  int instances();

  /** Returns the number of places that were ever reserved. */
  int hadInstances();

  /** Returns how long the host has had no instance. */
  Duration idle();

  /** Returns the time since the host was started. */
  Duration age();

  /** Makes the host end with its instance, for which alone it was restored. */
  void endWithInstance();

  /** Returns true if the host ends with its instance. */
  boolean endsWithInstance();

  /** Takes no further instances, and ends the host after its last one. */
  void leave();

  /**
   * Takes no further requests, and kills the process when its answers are sent or their time is up.
   */
  void retire();

  /** Returns true if the host gets no further instances. */
  default boolean isLeaving() {
    return lifecycle().compareTo(HostLifecycle.LEAVING) >= 0;
  }

  /** Completes when the process has ended. */
  CompletableFuture<Void> ended();

  /** Completes with true as soon as the process has ended, or with false when the time is up. */
  CompletableFuture<Boolean> endsWithin(Duration patience);

  /** Calls back once, on another thread, when the process has ended or is about to. */
  void onEnding(Runnable action);
}
