package dev.hearth.build.wheel;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Rules that the content of every wheel must follow, whoever unpacks it. */
public final class WheelArchive {

  private static final int MOST_ENTRIES = 60_000;
  private static final long LARGEST_UNPACKED = 1L << 30;

  private static final int LONGEST_PATH = 512;
  private static final int LONGEST_NAME = 255;

  private WheelArchive() {}

  /**
   * Checks the entries that a wheel lists.
   *
   * @param what name of the file or release, for error messages
   * @throws IOException if it cannot be read as a zip
   * @throws HearthException if it is not safe to unpack; the message names the entry and the rule
   */
  public static void check(Path wheel, String what) throws IOException {
    var names = new HashSet<String>();
    long packed = 0;
    long unpacked = 0;
    try (var zip = open(wheel)) {
      for (var entry : Collections.list(zip.getEntries())) {
        var name = entry.getName();
        if (entry.isUnixSymlink()) {
          throw unsafe(what, name, "is a link");
        }
        if (!isPath(entry.isDirectory() ? name.substring(0, name.length() - 1) : name)) {
          throw unsafe(what, name, "has a name that is not a plain path inside the wheel");
        }
        if (!names.add(name)) {
          throw unsafe(what, name, "is listed twice");
        }
        packed += entry.getCompressedSize();
        unpacked += entry.getSize();
      }
    }
    if (names.size() > MOST_ENTRIES) {
      throw unusable(what, "has more than %d entries".formatted(MOST_ENTRIES));
    }
    if (packed > Files.size(wheel)) {
      throw unusable(what, "has entries that overlap");
    }
    if (unpacked > LARGEST_UNPACKED) {
      throw unusable(what, "unpacks to more than %d MiB".formatted(LARGEST_UNPACKED >> 20));
    }
  }

  /** Opens a wheel and reads names as installers do, from the central directory alone. */
  private static ZipFile open(Path wheel) throws IOException {
    return ZipFile.builder()
        .setPath(wheel)
        .setIgnoreLocalFileHeader(true)
        .setUseUnicodeExtraFields(false)
        .get();
  }

  private static boolean isPath(String name) {
    return name.length() <= LONGEST_PATH
        && name.indexOf('\0') < 0
        && name.indexOf('\\') < 0
        && Stream.of(name.split("/", -1)).allMatch(WheelArchive::isName);
  }

  private static boolean isName(String part) {
    return !Set.of("", ".", "..").contains(part)
        && part.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  /** Returns the error for an entry whose bytes do not match its checksum. */
  static HearthException damaged(String what, String name) {
    return unsafe(what, name, "does not match its checksum");
  }

  /** Returns the error for a wheel whose METADATA is too large. */
  public static HearthException metadataTooLarge(String what) {
    return unusable(what, "has METADATA of more than %d MiB".formatted(CoreMetadata.LARGEST >> 20));
  }

  private static HearthException unsafe(String what, String name, String rule) {
    var shown = name.replaceAll("\\p{Cntrl}", "?");
    return unusable(
        what,
        "contains a forbidden entry: \"%s\" %s"
            .formatted(shown.substring(0, Math.min(shown.length(), 200)), rule));
  }

  private static HearthException unusable(String what, String why) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The wheel %s %s. Use another release, and tell its author.".formatted(what, why));
  }
}
