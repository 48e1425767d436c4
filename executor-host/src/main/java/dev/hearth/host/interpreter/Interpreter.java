package dev.hearth.host.interpreter;

import dev.hearth.contracts.host.InstanceLimits;
import dev.hearth.host.isolation.Allowance;
import dev.hearth.host.isolation.GuardedFileSystem;
import dev.hearth.host.isolation.InstanceFolders;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * A Python context and the one thread that enters it. Its code sees no Java objects, environment or
 * processes, and only the files that {@link GuardedFileSystem} shows. With native modules, the
 * sandbox of the process is the only wall.
 */
public final class Interpreter {

  private static final long STACK_BYTES = 64L << 20;

  /** Sample calls of each convention that trigger lazy initialization before user code runs. */
  private static final int ROUNDS = 20;

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String CORE_IMPORTS =
      """
      import json, re, datetime, urllib.parse, asyncio, typing, dataclasses, logging, hashlib, uuid
      import base64, traceback, inspect, functools, collections, io, time, os, sys, tempfile
      sys.stdout.reconfigure(line_buffering=True)
      import workers, workers._host
      """;

  private static final String REFUSE_NATIVE =
      """
      from workers._host._compat import refuse_native
      refuse_native()
      del refuse_native
      """;

  private final GuardedFileSystem files;
  private final OutputPipe pipe;
  private final PrintedLines printed;
  private final Interrupter interrupter;
  private final AtomicReference<Thread> python = new AtomicReference<>();
  private final ExecutorService thread;
  private final Context context;
  private volatile @Nullable String owner;
  private volatile @Nullable InstanceFolders folders;

  Interpreter(
      Engine engine,
      Interrupter interrupter,
      GuardedFileSystem files,
      OutputPipe pipe,
      Path packages,
      boolean nativeModules) {
    this.interrupter = interrupter;
    this.files = files;
    this.pipe = pipe;
    this.printed = new PrintedLines(this::line, Interpreter::after);
    var name = "python-" + COUNT.incrementAndGet();
    this.thread =
        Executors.newSingleThreadExecutor(task -> {
          python.set(new Thread(null, task, name, STACK_BYTES));
          return python.get();
        });
    var builder =
        Context.newBuilder("python")
            .engine(engine)
            .allowExperimentalOptions(true)
            .allowHostAccess(HostAccess.NONE)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowEnvironmentAccess(EnvironmentAccess.NONE)
            .allowCreateThread(true)
            .allowIO(IOAccess.newBuilder().fileSystem(files).allowHostSocketAccess(true).build())
            .out(new LineOutput(text -> line("stdout", "", "", text)))
            .err(new LineOutput(text -> line("stderr", "", "", text)))
            .in(InputStream.nullInputStream())
            .option("python.CatchAllExceptions", "true")
            .option("python.PosixModuleBackend", "java")
            .option("python.DontWriteBytecodeFlag", "true");
    if (nativeModules) {
      // Each context uses its own copies of the modules, made by patchelf.
      builder
          .allowNativeAccess(true)
          .allowCreateProcess(true)
          .environment("PATH", String.valueOf(System.getenv("PATH")))
          // Each module would write a warning into the function's log.
          .option("python.WarnExperimentalFeatures", "false")
          .option("python.IsolateNativeModules", "true");
    }
    this.context = builder.build();
    try {
      run(
              () -> {
                context.getBindings("python").putMember("packages", packages.toString());
                context.eval("python", "import sys; sys.path.insert(0, packages); del packages");
                context.eval("python", CORE_IMPORTS);
                if (!nativeModules) {
                  context.eval("python", REFUSE_NATIVE);
                }
                return rehearse(ROUNDS);
              })
          .get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException("cannot prepare an interpreter", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /**
   * Assigns the interpreter to an instance. Closing the interpreter removes the instance's folders.
   */
  public void claim(String instance, InstanceFolders own, InstanceLimits limits) {
    owner = instance;
    folders = own;
    files.show(
        own,
        new Allowance(
            limits, message -> line("stderr", "warning", "", message), DroppedFiles::collect));
  }

  /** Calls {@code workers._host.start}; must run on the interpreter's thread. */
  public Value start(String specification, ProxyArray bridge) {
    return context.eval("python", "workers._host.start").execute(specification, bridge);
  }

  /** Calls the sample functions of every convention; must run on the interpreter's thread. */
  public Value rehearse(int rounds) {
    return context.eval("python", "workers._host.rehearse").execute(rounds);
  }

  /** Formats an exception from the user's first frame on; must run on the interpreter's thread. */
  String traceback(PolyglotException raised) {
    var guest = raised.getGuestObject();
    if (guest == null) {
      return String.valueOf(raised.getMessage());
    }
    return context.eval("python", "workers._host.formatted").execute(guest).asString();
  }

  /** Runs work on the one thread that may enter the context. */
  public <T> Future<T> run(Callable<T> work) {
    return thread.submit(work);
  }

  /** Interrupts the code of a call by {@link Interrupter#interrupt}. */
  public void interrupt(String invocation, boolean late) {
    interrupter.interrupt(python.get(), invocation, late);
  }

  /**
   * Runs user code on the interpreter's thread and waits for it.
   *
   * @param what name of the work for the exception's message
   * @throws StartFailedException if the code raises or takes longer than the limit
   */
  public <T> T runWithin(Duration limit, String what, Supplier<T> work)
      throws StartFailedException, InterruptedException {
    var running =
        run(() -> {
          try {
            return work.get();
          } catch (PolyglotException raised) {
            var message = String.valueOf(raised.getMessage());
            throw new StartFailedException(message, traceback(raised));
          }
        });
    try {
      return running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new StartFailedException(what + " took longer than " + limit.toSeconds() + " s", "");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StartFailedException known) {
        throw known;
      }
      throw new StartFailedException(String.valueOf(failed.getCause()), "");
    }
  }

  /**
   * Stops running code, closes the context and removes the instance's folders.
   *
   * @return false if the thread did not stop in time, so that only ending the process stops it
   */
  public boolean close(Duration patience) {
    var closer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                context.close(true);
              } catch (PolyglotException _) {
                // The code raised while it was being stopped.
              }
            });
    thread.shutdownNow();
    var deadline = System.nanoTime() + patience.toNanos();
    try {
      var ended = thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
      return ended && closer.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      printed.close();
      var own = folders;
      if (own != null) {
        own.remove();
      }
    }
  }

  void close() {
    close(Duration.ofSeconds(2));
  }

  /** Writes a piece of the instance's output through {@link PrintedLines}. */
  public void print(String stream, String level, String invocation, String text) {
    printed.print(stream, level, invocation, text);
  }

  private static void after(Duration time, Runnable work) {
    CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS).execute(work);
  }

  private void line(String stream, String level, String invocation, String text) {
    var instance = owner;
    if (instance != null) {
      pipe.line(instance, stream, level, invocation, text);
    }
  }
}
