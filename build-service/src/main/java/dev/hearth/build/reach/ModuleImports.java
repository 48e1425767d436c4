package dev.hearth.build.reach;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * The modules, entry points and native libraries that one module's code refers to.
 *
 * @param name dotted name
 * @param path path of the file below the folder on {@code sys.path}
 * @param bytes size of the file
 * @param imports imported names; {@code from a import b} gives {@code a} and {@code a.b}, since
 *     either may be a module
 * @param uncertain imports that may not run or may fail
 * @param texts string constants that look like module names or their beginnings; computed imports
 *     may use them
 * @param entryPointGroups groups whose entry points the module loads; {@code *} for a computed
 *     group
 * @param nativeLibraries required native modules of the standard library
 * @param unknown reason why the module's imports cannot be determined
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

  /** Certainty that an import runs and must succeed, in ascending order. */
  public enum Certainty {
    /** A handler catches the failure of the import. */
    GUARDED,
    /** The import is inside a function of a dependency. */
    CALLED,
    /** The import is inside another block of a dependency. */
    CONDITIONAL,
    /** The import always runs. */
    CERTAIN
  }

  /**
   * Reasons why imports cannot be determined from the code, in ascending order of what they keep.
   */
  public enum Unknown {
    /** All imports are known. */
    NOTHING("every import is known"),
    /** Callers pass the names; their texts contain them. */
    NAMED_ELSEWHERE("imports modules whose names its callers pass"),
    /** Names are built from the name of the module's package. */
    OWN_NAMES("computes names of modules in its own package"),
    /** The folder of the module's package is listed. */
    OWN_LISTING("imports all modules in its own package's folder"),
    /** A folder is listed: of the module's package, or of one that callers name. */
    GIVEN_LISTING(
        "imports all modules in its own package's folder or in a package that others name"),
    /** A folder of the module's distribution is added to the path (pkg_resources). */
    OWN_PATH("adds a folder of its own to sys.path"),
    /** There is no source to read. */
    NATIVE("is native code"),
    /** The source is too large to read. */
    TOO_LARGE("is larger than 4 MiB"),
    /** The code is for another Python, so importing it fails in any case. */
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

  /** Returns a module whose imports are unknown. */
  static ModuleImports unknown(String name, String path, long bytes, Unknown unknown) {
    return new ModuleImports(
        name, path, bytes, List.of(), Map.of(), List.of(), List.of(), List.of(), unknown);
  }

  /** Returns the certainty of an import. */
  Certainty certainty(String imported) {
    return uncertain.getOrDefault(imported, Certainty.CERTAIN);
  }

  /** Returns true if the module is a package's {@code __init__}. */
  @JsonIgnore
  public boolean isPackage() {
    return path.endsWith("__init__.py");
  }
}
