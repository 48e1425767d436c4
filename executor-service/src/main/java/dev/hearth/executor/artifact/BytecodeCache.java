package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import dev.hearth.executor.host.CompilerProcess;
import dev.hearth.executor.node.NodeSettings;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Bytecode of layers, by the interpreter's release and the layer's digest: made once on this node,
 * behind everything else, and never a condition of a start.
 */
@Component
public class BytecodeCache implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(BytecodeCache.class);

  private final Path folder;
  private final LayerCache layers;
  private final CompilerProcess compiler;
  private final BlockingQueue<List<Digest>> wanted = new LinkedBlockingQueue<>();
  private final Set<Digest> seen = ConcurrentHashMap.newKeySet();
  private final Set<Digest> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  BytecodeCache(NodeSettings node, LayerCache layers, CompilerProcess compiler) throws IOException {
    var all = Files.createDirectories(node.data().resolve("bytecode").toAbsolutePath());
    this.folder = all.resolve(compiler.interpreter());
    this.layers = layers;
    this.compiler = compiler;
    Files.createDirectories(folder);
    forgetOthers(all);
  }

  /** What is there of other releases of the interpreter. */
  private void forgetOthers(Path all) throws IOException {
    try (var others = Files.list(all)) {
      for (var other : others.filter(each -> !each.equals(folder)).toList()) {
        FileSystemUtils.deleteRecursively(other);
      }
    }
  }

  /** The bytecode of a layer, laid out as beside its sources, when it is made. */
  Optional<Path> of(Digest layer) {
    return Optional.of(folder.resolve(layer.hex())).filter(Files::isDirectory);
  }

  /** Whether there is bytecode of all these, or will be none. */
  public boolean isDone(Collection<Digest> used) {
    return used.stream().allMatch(layer -> of(layer).isPresent() || !pending.contains(layer));
  }

  /** Has bytecode made for layers that have none. */
  public void request(Collection<Digest> used) {
    var missing = used.stream().filter(seen::add).filter(layer -> of(layer).isEmpty()).toList();
    if (!missing.isEmpty()) {
      pending.addAll(missing);
      wanted.add(missing);
    }
  }

  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("bytecode").start(this::work);
  }

  private void work() {
    while (running) {
      try {
        var batch = wanted.take();
        var begun = System.nanoTime();
        try {
          compile(batch);
        } catch (IOException | RuntimeException failed) {
          batch.forEach(seen::remove);
          throw failed;
        } finally {
          batch.forEach(pending::remove);
        }
        log.atInfo()
            .addKeyValue("layers", batch.size())
            .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
            .log("bytecode made");
      } catch (InterruptedException _) {
        return;
      } catch (IOException | RuntimeException failed) {
        if (running) {
          log.atWarn().addKeyValue("cause", failed.toString()).log("bytecode not made");
        }
      }
    }
  }

  private void compile(Collection<Digest> batch) throws IOException, InterruptedException {
    Map<Path, Path> folders = new LinkedHashMap<>();
    for (var layer : batch) {
      var target = folder.resolve(layer.hex());
      FileSystemUtils.deleteRecursively(target);
      folders.put(layers.unpacked(layer), target);
    }
    compiler.compile(folders);
  }

  @Override
  public void stop() {
    running = false;
    compiler.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
