package dev.hearth.build.pack;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** The content of a file, on disk or in memory. */
public sealed interface Content {

  /** Returns the size in bytes. */
  long size() throws IOException;

  /** Opens the content at its beginning. */
  InputStream open() throws IOException;

  /** Returns the deflated size in bytes. */
  long deflated() throws IOException;

  /** Reads the whole content. */
  default byte[] bytes() throws IOException {
    try (var in = open()) {
      return in.readAllBytes();
    }
  }

  /** Returns the content of a file on disk, which is read on demand. */
  static Content of(Path file) {
    return new OnDisk(file);
  }

  /**
   * Returns content that is in memory.
   *
   * @param deflated size in bytes when deflated
   */
  static Content of(byte[] bytes, long deflated) {
    return new InMemory(bytes, deflated);
  }

  /** A file on disk. */
  record OnDisk(Path file) implements Content {

    @Override
    public long size() throws IOException {
      return Files.size(file);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public long deflated() throws IOException {
      try (var deflater = new Deflater(Deflater.BEST_SPEED, true);
          var in = open();
          var out = new DeflaterOutputStream(OutputStream.nullOutputStream(), deflater)) {
        in.transferTo(out);
        out.finish();
        return deflater.getBytesWritten();
      }
    }
  }

  /** A file in memory. */
  final class InMemory implements Content {

    private final byte[] bytes;
    private final long deflated;

    private InMemory(byte[] bytes, long deflated) {
      this.bytes = bytes;
      this.deflated = deflated;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public long deflated() {
      return deflated;
    }
  }
}
