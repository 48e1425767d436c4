package dev.hearth.kit.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Input stream of an archive that fails if a header exceeds 1 MiB. Archive readers keep names and
 * attributes in memory, whatever their length.
 */
public final class HeaderLimit extends FilterInputStream {

  private static final long LARGEST = 1 << 20;

  private long left = Long.MAX_VALUE;

  public HeaderLimit(InputStream archive) {
    super(archive);
  }

  /** Starts counting: the next bytes belong to a header. */
  public void header() {
    left = LARGEST;
  }

  /** Stops counting: the next bytes are content, which is limited elsewhere. */
  public void content() {
    left = Long.MAX_VALUE;
  }

  private void count(long read) throws IOException {
    if (read > 0 && (left -= read) < 0) {
      throw new IOException("a file's name or another of its attributes exceeds 1 MiB");
    }
  }

  @Override
  public int read() throws IOException {
    var read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    var read = super.read(buffer, offset, length);
    count(read);
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    var skipped = super.skip(bytes);
    count(skipped);
    return skipped;
  }
}
