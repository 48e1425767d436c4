package dev.hearth.host.isolation;

import dev.hearth.host.isolation.Allowance.Resource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A channel that counts as a descriptor, and whose file's growth counts against the allowance. */
final class CountedChannel implements SeekableByteChannel {

  private final CountedFiles files;
  private final SeekableByteChannel delegate;
  private final boolean isAppending;
  private final @Nullable Object key;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /**
   * Wraps a channel.
   *
   * @param key key of a file whose bytes count, else null
   */
  CountedChannel(
      CountedFiles files, SeekableByteChannel delegate, boolean isAppending, @Nullable Object key) {
    this.files = files;
    this.delegate = delegate;
    this.isAppending = isAppending;
    this.key = key;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (key == null) {
      return delegate.write(source);
    }
    // Two channels of one file must not both count the same growth.
    synchronized (files) {
      var before = delegate.size();
      var end = (isAppending ? before : delegate.position()) + source.remaining();
      var growth = Math.max(0, end - before);
      files.allowance().take(Resource.BYTES, growth);
      var after = before;
      try {
        var written = delegate.write(source);
        after = delegate.size();
        return written;
      } finally {
        files.allowance().giveBack(Resource.BYTES, growth - Math.max(0, after - before));
      }
    }
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    if (key == null) {
      delegate.truncate(size);
      return this;
    }
    synchronized (files) {
      var before = delegate.size();
      delegate.truncate(size);
      files.allowance().giveBack(Resource.BYTES, before - delegate.size());
    }
    return this;
  }

  @Override
  public void close() throws IOException {
    if (isClosed.compareAndSet(false, true)) {
      files.allowance().giveBack(Resource.DESCRIPTORS, 1);
      if (key != null) {
        files.closing(delegate, key);
      }
    }
    delegate.close();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return delegate.read(target);
  }

  @Override
  public long position() throws IOException {
    return delegate.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    delegate.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return delegate.size();
  }

  @Override
  public boolean isOpen() {
    return delegate.isOpen();
  }
}
