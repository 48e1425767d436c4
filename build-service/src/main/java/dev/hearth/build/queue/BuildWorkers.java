package dev.hearth.build.queue;

import dev.hearth.build.queue.BuildStep.GiveUp;
import dev.hearth.build.queue.BuildStep.Reuse;
import dev.hearth.build.queue.BuildStep.Run;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.kit.events.EventPublisher;
import dev.hearth.kit.events.EventText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * The threads that run builds. If the service is killed, its builds are taken again when their
 * leases expire.
 */
@Component
public class BuildWorkers implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(BuildWorkers.class);

  private final BuildQueue queue;
  private final ProjectBuilder builder;
  private final EventPublisher publisher;
  private final InstantSource clock;
  private final BuildSettings settings;
  private final Path folder;
  private final Semaphore wakeUps = new Semaphore(0);
  private final ScheduledExecutorService renewals =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("build-leases").factory());
  private volatile boolean running;

  BuildWorkers(
      BuildQueue queue,
      ProjectBuilder builder,
      EventPublisher publisher,
      InstantSource clock,
      BuildSettings settings) {
    this.queue = queue;
    this.builder = builder;
    this.publisher = publisher;
    this.clock = clock;
    this.settings = settings;
    this.folder = settings.data().resolve("work").toAbsolutePath();
  }

  /** Wakes a worker, so that it looks for a build at once. */
  void wake() {
    wakeUps.release();
  }

  @Override
  public void start() {
    running = true;
    try {
      FileSystemUtils.deleteRecursively(folder);
      Files.createDirectories(folder);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException("cannot use " + folder, failed);
    }
    for (int i = 0; i < settings.workers(); i++) {
      startWorker();
    }
  }

  private void startWorker() {
    // Platform threads, because builds compute and would block the carriers of virtual threads.
    Thread.ofPlatform().daemon().name("build-worker").start(this::run);
  }

  private void run() {
    var isReplaced = false;
    while (running && !isReplaced) {
      try {
        var build = queue.take();
        if (build.isPresent()) {
          isReplaced = !work(build.get());
        } else {
          wakeUps.tryAcquire(1, TimeUnit.SECONDS);
        }
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException | Error failed) {
        // Top of the loop: a worker must not end.
        if (running) {
          log.atWarn()
              .addKeyValue("cause", failed.toString())
              .log("build queue not readable, will retry");
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Renews a lease. Only logs a failure, so that the next renewal still runs. */
  private void renew(QueuedBuild build) {
    try {
      queue.renew(build);
    } catch (RuntimeException failed) {
      // A timer that throws is never called again.
      log.atWarn().addKeyValue("cause", failed.toString()).log("lease not renewed");
    }
  }

  /**
   * Runs a build; returns false if it exceeded its time limit, in which case another worker
   * replaced this one.
   */
  private boolean work(QueuedBuild build) {
    var third = settings.lease().toMillis() / 3;
    var isOver = new AtomicBoolean();
    var worker = Thread.currentThread();
    try (var buildLog = new BuildLog(build.revision().id(), publisher, clock)) {
      var renewal =
          renewals.scheduleAtFixedRate(() -> renew(build), third, third, TimeUnit.MILLISECONDS);
      var limit =
          renewals.schedule(
              () -> {
                if (isOver.compareAndSet(false, true)) {
                  giveUp(build, buildLog);
                  startWorker();
                  worker.interrupt();
                }
              },
              settings.limit().toMillis(),
              TimeUnit.MILLISECONDS);
      try {
        work(build, buildLog);
      } finally {
        renewal.cancel(false);
        limit.cancel(false);
      }
    }
    return isOver.compareAndSet(false, true);
  }

  /** Fails a build that exceeded its time limit, so that no other worker takes it again. */
  private void giveUp(QueuedBuild build, BuildLog buildLog) {
    try {
      fail(
          build,
          buildLog,
          ErrorCode.BUILD_FAILED,
          "The build exceeded its time limit of %d min. Leave out files that are not code, or split the project."
              .formatted(settings.limit().toMinutes()));
    } catch (RuntimeException failed) {
      // A timer that throws is never called again.
      log.atWarn()
          .addKeyValue("cause", failed.toString())
          .log("build not marked as failed at its time limit");
    }
  }

  /**
   * Runs a build to its end. If the platform itself fails, the build stays RUNNING and is taken
   * again when its lease expires.
   */
  private void work(QueuedBuild build, BuildLog buildLog) {
    switch (BuildStep.of(build.attempt(), settings.attempts(), queue.outcomeOf(build))) {
      case GiveUp(var reason) -> fail(build, buildLog, ErrorCode.BUILD_FAILED, reason);
      case Reuse(var outcome) -> {
        buildLog.accept("the same source was built before: taking " + outcome.artifact());
        queue.succeed(build, builder.repeat(build, outcome), outcome);
      }
      case Run _ -> build(build, buildLog);
    }
  }

  private void build(QueuedBuild build, BuildLog buildLog) {
    var scratch = folder.resolve(build.revision().id() + "-" + build.attempt());
    try {
      Files.createDirectory(scratch);
      var built = builder.build(build, scratch, buildLog);
      queue.succeed(build, built.event(), built.outcome());
      log.atInfo()
          .addKeyValue("revision", build.revision())
          .addKeyValue("artifact", built.outcome().artifact())
          .log("build succeeded");
    } catch (HearthException reason) {
      fail(build, buildLog, reason.code(), reason.detail());
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError ours) {
      // Top of a build: any mistake of ours lets it be tried again.
      log.atError()
          .setCause(ours)
          .addKeyValue("revision", build.revision())
          .log("build interrupted by an internal error");
      buildLog.accept(
          "interrupted by an internal error of the platform; the build will be tried again, and the"
              + " operator's log has the cause");
    } finally {
      try {
        FileSystemUtils.deleteRecursively(scratch);
      } catch (IOException left) {
        log.atWarn()
            .addKeyValue("folder", scratch)
            .addKeyValue("cause", left.toString())
            .log("folder not removed");
      }
    }
  }

  private void fail(QueuedBuild build, BuildLog buildLog, ErrorCode code, String reason) {
    buildLog.accept("failed: " + reason);
    log.atInfo()
        .addKeyValue("revision", build.revision())
        .addKeyValue("code", code.code())
        .log("build failed");
    queue.fail(
        build, new BuildFailed(build.revision(), clock.instant(), code, EventText.limited(reason)));
  }

  @Override
  public void stop() {
    running = false;
    renewals.shutdownNow();
    wakeUps.release(settings.workers());
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
