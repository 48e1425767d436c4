package dev.hearth.build.report;

import dev.hearth.build.difference.DifferenceFinder;
import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.pack.Packer.Packed;
import dev.hearth.build.pack.Pruned;
import dev.hearth.build.pack.Pruner;
import dev.hearth.build.reach.Closure;
import dev.hearth.build.reach.ModuleImports;
import dev.hearth.contracts.Digest;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The report of one build, as {@code GET …/revisions/{n}/report} returns it.
 *
 * @param artifact the artifact's digest
 * @param packages shipped distributions, sorted by name
 * @param without distributions that do not work on the target and were left out, sorted by name
 * @param code the project's own files
 * @param sizes total sizes
 * @param pruned what pruning left out of packages and code, by rule
 * @param undecided modules whose imports cannot be determined, with the reason; everything that
 *     they could import was kept
 * @param differences places in the project's code that behave differently on the target
 * @param sbom bill of materials in CycloneDX 1.6
 */
public record BuildReport(
    Digest artifact,
    String entry,
    String convention,
    List<ShippedPackage> packages,
    List<Without> without,
    Code code,
    Sizes sizes,
    List<Pruned> pruned,
    SortedMap<String, String> undecided,
    List<DifferenceFinder.Place> differences,
    JsonNode sbom) {

  /**
   * One distribution in the artifact.
   *
   * @param reached true if an import reaches it; otherwise it is fetched after the start, in case
   *     code imports it
   * @param withoutNative true if CPython's wheel was installed without its native modules
   * @param chain dependency chain from the project
   * @param pruned what pruning left out, by rule
   * @param modules reached modules, including native ones, each with the module that imports it
   * @param leftOut modules that no import reaches
   */
  public record ShippedPackage(
      String name,
      String version,
      String licence,
      Digest layer,
      boolean reused,
      boolean reached,
      boolean withoutNative,
      String chain,
      long unpackedBytes,
      long compressedBytes,
      long wholeBytes,
      List<Pruned> pruned,
      SortedMap<String, String> modules,
      List<String> leftOut) {}

  /**
   * One distribution that was left out of the artifact.
   *
   * @param chain dependency chain from the project
   */
  public record Without(String name, String version, String chain) {}

  /**
   * The project's own files.
   *
   * @param modules reached modules, each with the module that imports it, or "entry" for the entry
   */
  public record Code(
      Digest layer,
      int files,
      long unpackedBytes,
      List<Pruned> pruned,
      SortedMap<String, String> modules) {}

  /**
   * Sizes in bytes.
   *
   * @param whole total size of the installed files, before pruning
   * @param wholeCompressed approximate download size of {@code whole}
   * @param pruned total size of packages and code after pruning
   * @param artifact size that a function starts with: reached modules of reached packages, and the
   *     code
   * @param compressed approximate download size of the pruned packages and the code
   */
  public record Sizes(
      long whole, long wholeCompressed, long pruned, long artifact, long compressed) {}

  /** Builds the report. */
  public static BuildReport of(
      Digest artifact,
      Entry entry,
      List<Found> found,
      List<Found> without,
      Closure.Result closure,
      Packed code,
      List<Pruned> codePruned,
      List<DifferenceFinder.Place> differences) {
    var leftOut = Set.copyOf(closure.leftOut());
    var packages =
        found.stream()
            .sorted(Comparator.comparing(each -> each.layer().name()))
            .map(each -> describe(each, closure, leftOut))
            .toList();
    var lost =
        Pruner.sum(
            Stream.concat(
                found.stream().flatMap(each -> each.layer().pruned().stream()),
                codePruned.stream()));
    return new BuildReport(
        artifact,
        entry.name(),
        entry.convention().name().toLowerCase(java.util.Locale.ROOT),
        packages,
        without.stream()
            .sorted(Comparator.comparing(each -> each.layer().name()))
            .map(each -> new Without(each.layer().name(), each.layer().version(), each.chain()))
            .toList(),
        new Code(
            code.digest(), code.files(), code.unpackedBytes(), codePruned, own(packages, closure)),
        sizes(found, closure, leftOut, code, codePruned),
        lost,
        closure.undecided(),
        differences,
        Sbom.of(artifact, found));
  }

  private static ShippedPackage describe(Found found, Closure.Result closure, Set<String> leftOut) {
    var layer = found.layer();
    var modules = new TreeMap<>(closure.importedBy());
    modules.keySet().retainAll(layer.content().importable());
    var out =
        layer.content().modules().stream()
            .filter(module -> leftOut.contains(module.path()))
            .map(ModuleImports::name)
            .sorted()
            .toList();
    return new ShippedPackage(
        layer.name(),
        layer.version(),
        layer.licence(),
        layer.digest(),
        found.reused(),
        closure.reached().contains(layer.name()),
        !layer.content().lackedModules().isEmpty(),
        found.chain(),
        layer.unpackedBytes(),
        layer.compressedBytes(),
        layer.wholeBytes(),
        layer.pruned(),
        modules,
        out);
  }

  private static SortedMap<String, String> own(
      List<ShippedPackage> packages, Closure.Result closure) {
    var own = new TreeMap<>(closure.importedBy());
    packages.forEach(each -> own.keySet().removeAll(each.modules().keySet()));
    return own;
  }

  private static Sizes sizes(
      List<Found> found,
      Closure.Result closure,
      Set<String> leftOut,
      Packed code,
      List<Pruned> codePruned) {
    var layers = found.stream().map(Found::layer).toList();
    var unreachedModules =
        layers.stream()
            .filter(layer -> closure.reached().contains(layer.name()))
            .flatMap(layer -> layer.content().modules().stream())
            .filter(module -> leftOut.contains(module.path()))
            .mapToLong(ModuleImports::bytes)
            .sum();
    var reached =
        layers.stream()
            .filter(layer -> closure.reached().contains(layer.name()))
            .mapToLong(Layer::unpackedBytes)
            .sum();
    return new Sizes(
        layers.stream().mapToLong(Layer::wholeBytes).sum()
            + code.unpackedBytes()
            + codePruned.stream().mapToLong(Pruned::bytes).sum(),
        layers.stream().mapToLong(Layer::wholeCompressedBytes).sum()
            + code.compressedBytes()
            + codePruned.stream().mapToLong(Pruned::compressedBytes).sum(),
        layers.stream().mapToLong(Layer::unpackedBytes).sum() + code.unpackedBytes(),
        reached - unreachedModules + code.unpackedBytes(),
        layers.stream().mapToLong(Layer::compressedBytes).sum() + code.compressedBytes());
  }
}
