package dev.hearth.build.pack;

import dev.hearth.contracts.Digest;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Writes zips that are the same, byte for byte, for the same names and contents: sorted names, one
 * fixed time and mode, nothing compressed (what compresses differs between machines).
 */
public final class Packer {

  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int FILE_MODE = 0100644;

  private Packer() {}

  /**
   * A zip.
   *
   * @param unpackedBytes all files
   * @param compressedBytes about what a download would be: all files, deflated one by one
   */
  public record Packed(
      Path file, Digest digest, long bytes, int files, long unpackedBytes, long compressedBytes) {}

  /** Writes files, named by their paths, into a zip. */
  public static Packed pack(SortedMap<String, Path> files, Path target) throws IOException {
    long unpacked = 0;
    long compressed = 0;
    try (var zip = new ZipArchiveOutputStream(target)) {
      zip.setMethod(ZipArchiveOutputStream.STORED);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        var size = Files.size(file.getValue());
        unpacked += size;
        compressed += deflated(file.getValue());
        zip.putArchiveEntry(entry(file.getKey(), size, crc(file.getValue())));
        Files.copy(file.getValue(), zip);
        zip.closeArchiveEntry();
      }
    }
    return new Packed(
        target, Digests.of(target), Files.size(target), files.size(), unpacked, compressed);
  }

  private static long crc(Path file) throws IOException {
    var crc = new CRC32();
    try (var out = new CheckedOutputStream(OutputStream.nullOutputStream(), crc)) {
      Files.copy(file, out);
    }
    return crc.getValue();
  }

  private static long deflated(Path file) throws IOException {
    var deflater = new Deflater(Deflater.BEST_SPEED, true);
    try (var out = new DeflaterOutputStream(OutputStream.nullOutputStream(), deflater)) {
      Files.copy(file, out);
      out.finish();
      return deflater.getBytesWritten();
    } finally {
      deflater.end();
    }
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
