package dev.hearth.build.pack;

import dev.hearth.contracts.Digest;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Packs folders into one zip whose bytes depend on nothing but names and contents: sorted names,
 * one time, one mode. The entries are stored, not deflated, because deflate differs from one zlib
 * to the next.
 */
public final class Packer {

  /** 1980-01-01, the first day a zip knows, in its own time-zone-free form. */
  private static final java.time.LocalDateTime EPOCH = java.time.LocalDateTime.of(1980, 1, 1, 0, 0);

  private static final int FILE_MODE = 0100644;

  /**
   * A packed artifact.
   *
   * @param unpackedBytes sum of the files' sizes
   * @param nativeModules whether a native extension module is among the files
   * @param files how many files are in it
   * @param dropped how many were left out
   */
  public record Packed(
      Path file,
      Digest digest,
      long bytes,
      long unpackedBytes,
      boolean nativeModules,
      int files,
      int dropped) {}

  private final SortedMap<String, Path> files = new TreeMap<>();
  private int dropped;

  /** Adds what the rules leave of a folder, under a name in the artifact. */
  public Packer add(String prefix, Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      collect(prefix, folder);
    }
    return this;
  }

  private void collect(String prefix, Path folder) throws IOException {
    List<Path> content;
    try (Stream<Path> listed = Files.list(folder)) {
      content = listed.toList();
    }
    for (var path : content) {
      var name = path.getFileName().toString();
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        if (PruningRules.dropsFolder(name, names(path))) {
          dropped++;
        } else {
          collect(prefix + "/" + name, path);
        }
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        if (PruningRules.dropsFile(folder.getFileName().toString(), name)) {
          dropped++;
        } else {
          files.put(prefix + "/" + name, path);
        }
      }
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** Writes the zip. */
  public Packed write(Path target) throws IOException {
    long unpacked = 0;
    try (var zip = new ZipArchiveOutputStream(target)) {
      zip.setMethod(ZipArchiveOutputStream.STORED);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        var size = Files.size(file.getValue());
        unpacked += size;
        zip.putArchiveEntry(entry(file.getKey(), size, crc(file.getValue())));
        Files.copy(file.getValue(), zip);
        zip.closeArchiveEntry();
      }
    }
    var isNative = new ArrayList<>(files.keySet()).stream().anyMatch(name -> name.endsWith(".so"));
    return new Packed(
        target, Digests.of(target), Files.size(target), unpacked, isNative, files.size(), dropped);
  }

  private static long crc(Path file) throws IOException {
    var crc = new CRC32();
    try (var out = new CheckedOutputStream(OutputStream.nullOutputStream(), crc)) {
      Files.copy(file, out);
    }
    return crc.getValue();
  }

  private static ZipArchiveEntry entry(String name, long size, long crc) {
    var entry = new ZipArchiveEntry(name);
    entry.setTimeLocal(EPOCH);
    entry.setUnixMode(FILE_MODE);
    entry.setMethod(ZipArchiveEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc);
    return entry;
  }
}
