package dev.hearth.build.pack;

import dev.hearth.contracts.Digest;
import dev.hearth.kit.transfer.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/**
 * Writes zips that are byte for byte the same for the same names and contents: names are sorted,
 * time and mode are fixed, and nothing is compressed, because compressors differ between machines.
 */
public final class Packer {

  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final int FILE_MODE = 0100644;
  private static final int BUFFER = 64 * 1024;

  private Packer() {}

  /**
   * A zip that was written.
   *
   * @param unpackedBytes total size of the files
   * @param compressedBytes approximate download size: total size of the files, each deflated
   */
  public record Packed(
      Path file, Digest digest, long bytes, int files, long unpackedBytes, long compressedBytes) {}

  /** Writes files into a zip under their paths. */
  public static Packed pack(SortedMap<String, Content> files, Path target) throws IOException {
    long unpacked = 0;
    long compressed = 0;
    var sha256 = Digests.sha256();
    try (var file = new DigestOutputStream(Files.newOutputStream(target), sha256);
        var zip = new ZipArchiveOutputStream(new BufferedOutputStream(file, BUFFER))) {
      zip.setMethod(ZipArchiveOutputStream.STORED);
      for (Map.Entry<String, Content> entry : files.entrySet()) {
        var content = entry.getValue();
        var size = content.size();
        unpacked += size;
        compressed += content.deflated();
        zip.putArchiveEntry(entry(entry.getKey(), size, crc(content)));
        try (var in = content.open()) {
          in.transferTo(zip);
        }
        zip.closeArchiveEntry();
      }
    }
    return new Packed(
        target, Digests.of(sha256), Files.size(target), files.size(), unpacked, compressed);
  }

  private static long crc(Content content) throws IOException {
    var crc = new CRC32();
    try (var in = content.open()) {
      in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
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
