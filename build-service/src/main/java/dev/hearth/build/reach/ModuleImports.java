package dev.hearth.build.reach;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * What one module's code refers to.
 *
 * @param name dotted
 * @param path of its file, below the folder that is on {@code sys.path}
 * @param bytes of its file
 * @param imports dotted names that it imports; for {@code from a import b} both {@code a} and
 *     {@code a.b}, since either may be a module
 * @param uncertain those of them whose import may not happen, or may fail
 * @param texts string constants that look like module names, or like the beginning of some, for
 *     imports by a name that is computed
 * @param entryPointGroups groups whose entry points it loads; {@code *} for a computed one
 * @param nativeLibraries modules of the standard library that it needs and that are native code
 * @param unknown the reason for which its imports cannot be known
 */
public record ModuleImports(
    String name,
    String path,
    long bytes,
    List<String> imports,
    Map<String, Certainty> uncertain,
    List<String> texts,
    List<String> entryPointGroups,
    List<String> nativeLibraries,
    Unknown unknown) {

  /** Certainty that an import runs and must succeed. */
  public enum Certainty {
    /** A handler takes its failure. */
    GUARDED,
    /** It stands in a function of a dependency. */
    CALLED,
    /** It stands in another block of a dependency. */
    CONDITIONAL,
    /** It always runs. */
    CERTAIN
  }

  /** Reasons for which imports cannot be known from the code. */
  public enum Unknown {
    /** Everything can be known. */
    NOTHING("every import can be known"),
    /** Callers pass the names, which stand in their texts. */
    NAMED_ELSEWHERE("imports what its callers name"),
    /** Names are built from that of its own package. */
    OWN_NAMES("computes names of its own package's modules"),
    /** A folder is listed. */
    OWN_LISTING("imports what lies in its own package's folder"),
    /** A folder is listed that may be its own package's, or one that callers name. */
    GIVEN_LISTING(
        "imports what lies in its own package's folder, or in a package that others name"),
    /** A folder of its own distribution is put on the path (pkg_resources). */
    OWN_PATH("puts a folder of its own on sys.path"),
    /** There is no code to read. */
    NATIVE("is native code"),
    /** The file was not read. */
    TOO_LARGE("is larger than 4 MiB"),
    /** The code is for another Python; importing it fails in any case. */
    UNREADABLE("cannot be parsed as Python 3.12");

    private final String reason;

    Unknown(String reason) {
      this.reason = reason;
    }

    /** Returns the reason for reports. */
    public String reason() {
      return reason;
    }
  }

  public ModuleImports {
    imports = List.copyOf(imports);
    uncertain = Map.copyOf(uncertain);
    texts = List.copyOf(texts);
    entryPointGroups = List.copyOf(entryPointGroups);
    nativeLibraries = List.copyOf(nativeLibraries);
  }

  /** Returns a module about which nothing is known. */
  static ModuleImports unknown(String name, String path, long bytes, Unknown unknown) {
    return new ModuleImports(
        name, path, bytes, List.of(), Map.of(), List.of(), List.of(), List.of(), unknown);
  }

  /** Returns the certainty of one of its imports. */
  Certainty certainty(String imported) {
    return uncertain.getOrDefault(imported, Certainty.CERTAIN);
  }

  /** Returns true if the module is a package's {@code __init__}. */
  @JsonIgnore
  public boolean isPackage() {
    return path.endsWith("__init__.py");
  }
}
