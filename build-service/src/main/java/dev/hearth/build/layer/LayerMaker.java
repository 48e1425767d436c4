package dev.hearth.build.layer;

import dev.hearth.build.pack.Content;
import dev.hearth.build.pack.Packer;
import dev.hearth.build.pack.Pruned;
import dev.hearth.build.pack.Pruner;
import dev.hearth.build.pack.PruningRules;
import dev.hearth.build.reach.Distribution;
import dev.hearth.build.reach.ImportScanner;
import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.task.Together;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Makes layers of installed distributions. */
public final class LayerMaker {

  private static final CSVFormat RECORD =
      CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  /** Origin of installed code. */
  public enum Source {
    /** Wheels for the platform's interpreter. */
    WHEELS,
    /** Wheels for CPython, whose native modules cannot be used. */
    FOREIGN_WHEELS,
    /** The upload, which is the user's own code. */
    UPLOAD
  }

  private final PruningRules rules;
  private final Blobs blobs;

  public LayerMaker(PruningRules rules, Blobs blobs) {
    this.rules = rules;
    this.blobs = blobs;
  }

  /**
   * Makes and stores a layer for each distribution of a folder.
   *
   * @param scratch folder for the zips
   * @param source decides how the code is read and whether its native modules are kept
   * @throws HearthException if a wheel contains files that its RECORD does not list
   */
  public List<Layer> make(Path installed, Path scratch, Source source) throws IOException {
    return make(Pruner.files(installed), scratch, source);
  }

  /**
   * Makes and stores a layer for each distribution among files.
   *
   * @param installed files by their paths below the folder that goes on {@code sys.path}
   */
  public List<Layer> make(SortedMap<String, Content> installed, Path scratch, Source source)
      throws IOException {
    var distributions = InstalledDistribution.in(installed);
    refuseUnlisted(installed, distributions);
    return Together.run(
        distributions.stream()
            .map(distribution -> (Callable<Layer>) () -> make(distribution, scratch, source))
            .toList());
  }

  private Layer make(InstalledDistribution installed, Path scratch, Source source)
      throws IOException {
    var spared = new HashSet<String>();
    var pruned = prune(installed, source, spared);
    var content = describe(installed, pruned.kept(), source);
    // Modules that the distribution's own code certainly imports are kept, even in a folder called
    // tests.
    while (spared.addAll(pruned.holding(content.imports(), List.of("")))) {
      pruned = prune(installed, source, spared);
      content = describe(installed, pruned.kept(), source);
    }
    var files = new TreeMap<>(pruned.kept());
    files.put(installed.record(), record(files.keySet(), installed.record()));
    var zip = Packer.pack(files, scratch.resolve(installed.name() + ".zip"));
    blobs.store(zip.digest(), zip.file());
    var lost = pruned.pruned();
    return new Layer(
        installed.name(),
        installed.version(),
        installed.licence(),
        zip.digest(),
        zip.bytes(),
        zip.files(),
        zip.unpackedBytes(),
        zip.compressedBytes(),
        zip.unpackedBytes() + lost.stream().mapToLong(Pruned::bytes).sum(),
        zip.compressedBytes() + lost.stream().mapToLong(Pruned::compressedBytes).sum(),
        lost,
        content);
  }

  private Pruner.Result prune(InstalledDistribution installed, Source source, Set<String> spared)
      throws IOException {
    var own = new TreeMap<>(installed.files());
    own.remove(installed.record());
    var pruned = Pruner.prune(own, source == Source.UPLOAD ? rules.forProject() : rules, spared);
    if (source != Source.FOREIGN_WHEELS) {
      return pruned;
    }
    var kept = new TreeMap<>(pruned.kept());
    kept.keySet().removeIf(path -> isNative(path) && !rules.keeps(path));
    var more = new ArrayList<Pruned>();
    for (var file : pruned.kept().entrySet()) {
      if (!kept.containsKey(file.getKey())) {
        more.add(Pruned.of("native-code", file.getValue()));
      }
    }
    return new Pruner.Result(
        kept, Pruner.sum(Stream.concat(pruned.pruned().stream(), more.stream())), pruned.gone());
  }

  /** Returns a RECORD of the kept files, for {@code importlib.metadata.files}. */
  private static Content record(Set<String> kept, String record) throws IOException {
    var text = new StringBuilder();
    try (var csv = new CSVPrinter(text, RECORD)) {
      for (var path : Stream.concat(kept.stream(), Stream.of(record)).sorted().toList()) {
        csv.printRecord(path, null, null);
      }
    }
    var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return Content.of(bytes, bytes.length);
  }

  private static Distribution describe(
      InstalledDistribution installed, SortedMap<String, Content> kept, Source source)
      throws IOException {
    var origin = source == Source.UPLOAD ? Origin.PROJECT : Origin.DISTRIBUTION;
    var modules =
        kept.entrySet().parallelStream()
            .filter(file -> Distribution.isModule(file.getKey()))
            .map(file -> ImportScanner.scan(file.getKey(), file.getValue(), origin))
            .toList();
    var natives = kept.keySet().stream().filter(LayerMaker::isNative).toList();
    var lacked =
        installed.files().keySet().stream()
            .filter(path -> isNative(path) && !kept.containsKey(path))
            .flatMap(path -> Distribution.nativeModule(path).stream())
            .toList();
    return installed.describe(modules, natives, lacked);
  }

  private static boolean isNative(String path) {
    return path.endsWith(".so") || path.contains(".so.");
  }

  private static void refuseUnlisted(
      SortedMap<String, Content> installed, List<InstalledDistribution> distributions) {
    var listed = new HashSet<String>();
    distributions.forEach(distribution -> listed.addAll(distribution.files().keySet()));
    var unlisted =
        installed.keySet().stream()
            .filter(path -> !path.startsWith("bin/") && !path.equals(".lock"))
            .filter(path -> !path.contains("__pycache__/"))
            .filter(path -> !listed.contains(path))
            .limit(5)
            .collect(Collectors.joining(", "));
    if (!unlisted.isEmpty()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "A wheel holds files that its RECORD does not list: %s. Use another release, and tell its author."
              .formatted(unlisted));
    }
  }
}
