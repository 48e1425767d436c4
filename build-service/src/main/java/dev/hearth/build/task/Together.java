package dev.hearth.build.task;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Runs the tasks of one build concurrently; most of them wait for a process or the network. */
public final class Together {

  /** Largest number of tasks at a time. */
  private static final int MOST = 16;

  private Together() {}

  /**
   * Runs all tasks to their end and returns their results in order. If several fail, the first
   * failure in order is thrown.
   */
  public static <T> List<T> run(List<? extends Callable<T>> tasks) throws IOException {
    // Platform threads, because tasks also compute and would block the carriers of virtual threads.
    var most = Math.clamp(tasks.size(), 1, MOST);
    try (var threads =
        Executors.newFixedThreadPool(
            most, Thread.ofPlatform().daemon().name("build-", 0).factory())) {
      var results = new ArrayList<T>();
      for (var future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(failed);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
