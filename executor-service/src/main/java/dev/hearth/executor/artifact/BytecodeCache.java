package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.runtime.LayerCompiler;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.runtime.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Cache of layers' bytecode, by the interpreter's release and the layer's digest. A layer is
 * compiled once on this node, at low priority; no start waits for it.
 */
@Component
public class BytecodeCache implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(BytecodeCache.class);

  private final Path folder;
  private final LayerCache layers;
  private final Runtimes runtimes;
  private final BlockingQueue<Batch> requested = new LinkedBlockingQueue<>();
  private final Set<Path> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean isRunning;

  private record Batch(LayerCompiler compiler, List<Digest> layers) {}

  BytecodeCache(NodeSettings node, LayerCache layers, Runtimes runtimes) throws IOException {
    this.folder = Files.createDirectories(node.data().resolve("bytecode").toAbsolutePath());
    this.layers = layers;
    this.runtimes = runtimes;
    deleteOtherReleases();
  }

  private void deleteOtherReleases() throws IOException {
    var releases =
        runtimes.all().stream()
            .flatMap(runtime -> runtime.compiler().stream())
            .map(compiler -> folder.resolve(compiler.release()))
            .collect(Collectors.toSet());
    try (var all = Files.list(folder)) {
      for (var other : all.filter(each -> !releases.contains(each)).toList()) {
        FileSystemUtils.deleteRecursively(other);
      }
    }
  }

  /** Returns the folder of a layer's bytecode, laid out like the layer, if it is compiled. */
  Optional<Path> of(Runtime runtime, Digest layer) {
    return runtime.compiler().map(compiler -> target(compiler, layer)).filter(Files::isDirectory);
  }

  private Path target(LayerCompiler compiler, Digest layer) {
    return folder.resolve(compiler.release()).resolve(layer.hex());
  }

  /** Returns true if no compilation of these layers is under way or requested. */
  public boolean isDone(Runtime runtime, Collection<Digest> used) {
    return runtime
        .compiler()
        .map(compiler ->
            used.stream()
                .map(layer -> target(compiler, layer))
                .allMatch(target -> Files.isDirectory(target) || !pending.contains(target)))
        .orElse(true);
  }

  /** Requests the bytecode of layers that have none; does not wait. */
  public void request(Runtime runtime, Collection<Digest> used) {
    runtime
        .compiler()
        .ifPresent(compiler -> {
          var missing =
              used.stream()
                  .filter(layer -> !Files.isDirectory(target(compiler, layer)))
                  .filter(layer -> pending.add(target(compiler, layer)))
                  .toList();
          if (!missing.isEmpty()) {
            requested.add(new Batch(compiler, missing));
          }
        });
  }

  @Override
  public void start() {
    isRunning = true;
    Thread.ofVirtual().name("bytecode").start(this::work);
  }

  private void work() {
    while (isRunning) {
      try {
        var batch = requested.take();
        var begun = System.nanoTime();
        try {
          compile(batch);
        } finally {
          batch.layers().forEach(layer -> pending.remove(target(batch.compiler(), layer)));
        }
        log.atInfo()
            .addKeyValue("layers", batch.layers().size())
            .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
            .log("bytecode compiled");
      } catch (InterruptedException _) {
        return;
      } catch (IOException | RuntimeException failed) {
        // Top of the loop: without compiled code a function only starts slower.
        if (isRunning) {
          log.atWarn()
              .addKeyValue("cause", failed.toString())
              .log("bytecode not compiled, trying again at the next start");
        }
      }
    }
  }

  private void compile(Batch batch) throws IOException, InterruptedException {
    Map<Path, Path> folders = new LinkedHashMap<>();
    for (var layer : batch.layers()) {
      var target = target(batch.compiler(), layer);
      FileSystemUtils.deleteRecursively(target);
      Files.createDirectories(target.getParent());
      folders.put(layers.unpacked(layer), target);
    }
    batch.compiler().compile(folders);
  }

  @Override
  public void stop() {
    isRunning = false;
    runtimes.all().forEach(runtime -> runtime.compiler().ifPresent(LayerCompiler::stop));
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }
}
