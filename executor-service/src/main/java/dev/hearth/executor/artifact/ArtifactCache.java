package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.artifact.Descriptor;
import dev.hearth.contracts.artifact.FunctionConfig;
import dev.hearth.contracts.artifact.Manifest;
import dev.hearth.executor.node.NodeSettings;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.kit.artifact.CanonicalJson;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Cache of unpacked artifacts by digest. Their files are hard links into the layers' folders, so
 * that a shared layer takes disk space and page cache only once.
 */
@Component
public class ArtifactCache {

  private static final Logger log = LoggerFactory.getLogger(ArtifactCache.class);
  private static final String LATE = "late";

  /** File that marks {@code late} as complete; the interpreter looks for this name. */
  private static final String LATE_READY = "late.ready";

  /** File that lists what {@code late} will hold; the interpreter looks for this name too. */
  private static final String LATE_NAMES = "late.json";

  private final Path folder;
  private final ArtifactTransfer transfer;
  private final LayerCache layers;
  private final BytecodeCache bytecode;
  private final DigestLocks locks = new DigestLocks();
  private final LateViews waitingForLate = new LateViews();

  ArtifactCache(
      NodeSettings node, ArtifactTransfer transfer, LayerCache layers, BytecodeCache bytecode)
      throws IOException {
    this.bytecode = bytecode;
    this.folder = Files.createDirectories(node.data().resolve("artifacts")).toAbsolutePath();
    this.transfer = transfer;
    this.layers = layers;
  }

  private record Contents(Manifest manifest, FunctionConfig config) {

    List<Digest> reached() {
      return manifest.layers().stream()
          .filter(layer -> layer.mediaType().equals(Manifest.LAYER_TYPE) && !layer.isUnreached())
          .map(Descriptor::digest)
          .toList();
    }

    /** Returns true if the artifact lists its late modules; older ones do not. */
    boolean saysWhatIsLate() {
      return config.unreached().size()
          == manifest.layers().stream().filter(Descriptor::isUnreached).count();
    }

    boolean isLate() {
      return !config.leftOut().isEmpty()
          || manifest.layers().stream().anyMatch(Descriptor::isUnreached);
    }
  }

  /**
   * Returns an artifact, fetched first if it is missing. Packages that no import reaches follow in
   * the background.
   */
  public UnpackedArtifact unpacked(Digest digest, Runtime runtime) {
    try (var _ = locks.hold(digest)) {
      var target = folder.resolve(digest.hex());
      var contents = contents(digest);
      if (!Files.isDirectory(target)) {
        compose(contents, target);
      }
      var reached = contents.reached();
      for (var layer : reached) {
        linkBytecode(runtime, layer, target);
      }
      if (!contents.isLate()) {
        return new UnpackedArtifact(digest, target, Optional.empty(), reached);
      }
      if (!Files.exists(target.resolve(LATE_READY))) {
        Thread.ofVirtual()
            .name("late-" + digest.hex())
            .start(() -> addUnreached(digest, contents, target));
      }
      return new UnpackedArtifact(digest, target, Optional.of(target.resolve(LATE)), reached);
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot unpack " + digest, failed);
    }
  }

  private Contents contents(Digest digest) throws IOException {
    var manifest = CanonicalJson.read(blob(digest), Manifest.class);
    return new Contents(
        manifest, CanonicalJson.read(blob(manifest.config().digest()), FunctionConfig.class));
  }

  private Path blob(Digest digest) {
    var file = folder.resolve(digest.hex() + ".json");
    if (!Files.exists(file)) {
      transfer.fetch(digest, file);
    }
    return file;
  }

  private void compose(Contents contents, Path target) throws IOException {
    var composing = target.resolveSibling(target.getFileName() + ".new");
    FileSystemUtils.deleteRecursively(composing);
    Files.createDirectories(composing.resolve("app"));
    var packages = Files.createDirectories(composing.resolve("packages"));
    var late = composing.resolve(LATE);
    var leftOut = Set.copyOf(contents.config().leftOut());
    for (var layer : contents.manifest().layers()) {
      if (layer.mediaType().equals(Manifest.CODE_TYPE)) {
        link(layers.unpacked(layer.digest()), composing.resolve("app"), _ -> true);
      } else if (!layer.isUnreached()) {
        var unpacked = layers.unpacked(layer.digest());
        link(unpacked, packages, name -> !leftOut.contains(name));
        if (leftOut.stream().anyMatch(name -> Files.exists(unpacked.resolve(name)))) {
          // The whole layer, so that a module finds its data files wherever it is loaded from.
          link(unpacked, late, _ -> true);
        }
      }
    }
    if (contents.saysWhatIsLate()) {
      var names = CanonicalJson.bytes(contents.config().unreached());
      Files.write(composing.resolve(LATE_NAMES), names);
    }
    Files.move(composing, target);
  }

  /** Adds the packages that no import reaches; no start waits for them. */
  private void addUnreached(Digest digest, Contents contents, Path target) {
    try (var _ = locks.hold(contents.manifest().config().digest())) {
      for (var layer : contents.manifest().layers()) {
        if (layer.isUnreached()) {
          link(layers.unpacked(layer.digest()), target.resolve(LATE), _ -> true);
        }
      }
      try (var _ = locks.hold(digest)) {
        Files.writeString(target.resolve(LATE_READY), "");
        for (var view : waitingForLate.take(digest)) {
          showLate(target, view);
        }
      }
    } catch (IOException | RuntimeException failed) {
      // The artifact works without them; the next start tries again.
      log.atWarn()
          .addKeyValue("artifact", target.getFileName())
          .addKeyValue("cause", failed.toString())
          .log("packages left out of the start not fetched, trying again at the next start");
    }
  }

  /** Links a layer's bytecode beside its sources if it is compiled and not linked yet. */
  private void linkBytecode(Runtime runtime, Digest layer, Path target) throws IOException {
    var linked = target.resolve("bytecode-" + layer.hex());
    var made = bytecode.of(runtime, layer);
    if (made.isEmpty() || Files.exists(linked)) {
      return;
    }
    var packages = target.resolve("packages");
    // Modules that were left out need no bytecode.
    link(made.get(), packages, name -> Files.exists(packages.resolve(source(name))));
    Files.writeString(linked, "");
  }

  /** Returns the source of {@code a/__pycache__/b.TAG.pyc}: {@code a/b.py}. */
  private static String source(String name) {
    var file = Path.of(name).getFileName().toString();
    var folder = name.substring(0, name.length() - "__pycache__/".length() - file.length());
    return folder + file.substring(0, file.indexOf('.')) + ".py";
  }

  /** Links the wanted files of a layer into a folder, except for those that exist there already. */
  private static void link(Path layer, Path target, Predicate<String> wanted) throws IOException {
    try (Stream<Path> walked = Files.walk(layer)) {
      for (var file : walked.filter(Files::isRegularFile).toList()) {
        var name = layer.relativize(file).toString();
        var link = target.resolve(name);
        if (wanted.test(name) && !Files.exists(link)) {
          Files.createDirectories(link.getParent());
          Files.createLink(link, file);
        }
      }
    }
  }

  /**
   * Links an artifact into the folder of one host, so that the host sees no artifact of another
   * tenant.
   *
   * @param folder folder of files that the host may read
   */
  public UnpackedArtifact shown(UnpackedArtifact artifact, Path folder) {
    var digest = artifact.digest();
    var view = folder.resolve(digest.hex());
    try (var _ = locks.hold(digest)) {
      for (var part : List.of("app", "packages")) {
        link(artifact.folder().resolve(part), view.resolve(part), _ -> true);
      }
      if (artifact.late().isEmpty()) {
        return new UnpackedArtifact(digest, view, Optional.empty(), artifact.layers());
      }
      link(artifact.folder(), view, LATE_NAMES::equals);
      if (Files.exists(artifact.folder().resolve(LATE_READY))) {
        showLate(artifact.folder(), view);
      } else {
        waitingForLate.add(digest, view);
      }
      return new UnpackedArtifact(digest, view, Optional.of(view.resolve(LATE)), artifact.layers());
    } catch (IOException failed) {
      throw new UncheckedIOException("cannot link " + digest + " into the host's folder", failed);
    }
  }

  private static void showLate(Path artifact, Path view) throws IOException {
    // The host may have ended meanwhile.
    if (Files.isDirectory(view)) {
      link(artifact.resolve(LATE), view.resolve(LATE), _ -> true);
      var ready = view.resolve(LATE_READY);
      if (!Files.exists(ready)) {
        Files.writeString(ready, "");
      }
    }
  }
}
