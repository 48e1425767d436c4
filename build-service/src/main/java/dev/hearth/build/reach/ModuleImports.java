package dev.hearth.build.reach;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * What one module's code says of other modules.
 *
 * @param name dotted
 * @param path of its file, below the folder that is on {@code sys.path}
 * @param bytes of its file
 * @param imports dotted names that it imports; for {@code from a import b} both {@code a} and
 *     {@code a.b}, for nobody knows which of them is a module
 * @param uncertain those of them whose import may not happen, or may fail
 * @param texts string constants that look like module names, or like the beginning of some, for
 *     imports by a name that is computed
 * @param entryPointGroups groups whose entry points it loads; {@code *} for a computed one
 * @param nativeLibraries modules of the standard library that it needs and that are native code
 * @param unknown what cannot be known of its imports
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

  /** How sure it is that an import happens, and has to succeed. */
  public enum Certainty {
    /** Its failure is taken. */
    GUARDED,
    /** In a function of a dependency's. */
    CALLED,
    /** In another block of a dependency's. */
    CONDITIONAL,
    /** Nothing stands in between. */
    CERTAIN
  }

  /** What reading the code does not tell. */
  public enum Unknown {
    /** Everything can be known. */
    NOTHING("every import can be known"),
    /** Its callers say what is imported: their texts name it. */
    NAMED_ELSEWHERE("imports what its callers name"),
    /** Names are put together from its own package's. */
    OWN_NAMES("computes names of its own package's modules"),
    /** A folder is listed. */
    OWN_LISTING("imports what lies in its own package's folder"),
    /** A folder is listed that may be its own package's, or one that its callers name. */
    GIVEN_LISTING(
        "imports what lies in its own package's folder, or in a package that others name"),
    /** A folder of its own distribution comes onto the path (pkg_resources). */
    OWN_PATH("puts a folder of its own on sys.path"),
    /** There is no code to read. */
    NATIVE("is native code"),
    /** Nobody read it. */
    TOO_LARGE("is larger than 4 MiB"),
    /** It is code for another Python; whoever imports it fails as well. */
    UNREADABLE("cannot be parsed as Python 3.12");

    private final String reason;

    Unknown(String reason) {
      this.reason = reason;
    }

    /** For reports. */
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

  /** A module of which nothing is known. */
  static ModuleImports unknown(String name, String path, long bytes, Unknown unknown) {
    return new ModuleImports(
        name, path, bytes, List.of(), Map.of(), List.of(), List.of(), List.of(), unknown);
  }

  /** How sure one of its imports is. */
  Certainty certainty(String imported) {
    return uncertain.getOrDefault(imported, Certainty.CERTAIN);
  }

  /** Whether it is a package's {@code __init__}. */
  @JsonIgnore
  public boolean isPackage() {
    return path.endsWith("__init__.py");
  }
}
