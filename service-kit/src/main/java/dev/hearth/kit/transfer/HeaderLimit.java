package dev.hearth.kit.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stream of an archive that fails if a header has more than 1 MiB: readers of archives hold names
 * and attributes in memory, however long they are.
 */
public final class HeaderLimit extends FilterInputStream {

  private static final long LARGEST = 1 << 20;

  private long left = Long.MAX_VALUE;

  public HeaderLimit(InputStream archive) {
    super(archive);
  }

  /** Counts what is read from now on as a header. */
  public void header() {
    left = LARGEST;
  }

  /** Stops counting: what is read from now on is content, which is limited elsewhere. */
  public void content() {
    left = Long.MAX_VALUE;
  }

  private void count(long read) throws IOException {
    if (read > 0 && (left -= read) < 0) {
      throw new IOException("a name or another attribute of a file has more than 1 MiB");
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
