package dev.hearth.host.isolation;

import dev.hearth.host.isolation.Allowance.Resource;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * Counts the files of one folder, their bytes, and all open channels against an {@link Allowance}.
 * As on a disk, a file deleted while open frees its bytes when its last channel closes.
 * Thread-safe: the monitor guards the open files.
 */
final class CountedFiles {

  private final FileSystem delegate;
  private final Path folder;
  private final Path realFolder;
  private final Allowance allowance;
  private final Map<Object, OpenFile> openFiles = new HashMap<>();

  /** A file of the folder with open channels; {@link #openFiles} finds it by its file key. */
  private static final class OpenFile {
    private int channels;
    private boolean isDeleted;
  }

  CountedFiles(FileSystem delegate, Path folder, Allowance allowance) {
    this.delegate = delegate;
    this.folder = folder;
    this.realFolder = GuardedFileSystem.real(folder);
    this.allowance = allowance;
  }

  Allowance allowance() {
    return allowance;
  }

  private boolean isCounted(Path path) {
    return path.startsWith(folder) || path.startsWith(realFolder);
  }

  private static Optional<BasicFileAttributes> attributes(Path path, LinkOption... options) {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  synchronized void createDirectory(Path path, FileAttribute<?>... given) throws IOException {
    if (!isCounted(path)) {
      delegate.createDirectory(path, given);
      return;
    }
    allowance.take(Resource.FILES, 1);
    var isMade = false;
    try {
      delegate.createDirectory(path, given);
      isMade = true;
    } finally {
      if (!isMade) {
        allowance.giveBack(Resource.FILES, 1);
      }
    }
  }

  synchronized void delete(Path path) throws IOException {
    var known = isCounted(path) ? attributes(path, LinkOption.NOFOLLOW_LINKS) : empty();
    delegate.delete(path);
    known.ifPresent(this::deleted);
  }

  private static Optional<BasicFileAttributes> empty() {
    return Optional.empty();
  }

  private void deleted(BasicFileAttributes file) {
    allowance.giveBack(Resource.FILES, 1);
    if (!file.isRegularFile()) {
      return;
    }
    var open = openFiles.get(file.fileKey());
    if (open == null) {
      allowance.giveBack(Resource.BYTES, file.size());
    } else {
      open.isDeleted = true;
    }
  }

  synchronized void move(Path source, Path target, CopyOption... options) throws IOException {
    var moved = attributes(source, LinkOption.NOFOLLOW_LINKS);
    var replaced = isCounted(target) ? attributes(target, LinkOption.NOFOLLOW_LINKS) : empty();
    delegate.move(source, target, options);
    replaced
        .filter(file -> moved.stream().noneMatch(same -> same.fileKey().equals(file.fileKey())))
        .ifPresent(this::deleted);
  }

  synchronized void copy(Path source, Path target, CopyOption... options) throws IOException {
    if (!isCounted(target)) {
      delegate.copy(source, target, options);
      return;
    }
    var replaced = attributes(target, LinkOption.NOFOLLOW_LINKS);
    var bytes = attributes(source).filter(BasicFileAttributes::isRegularFile);
    var size = bytes.map(BasicFileAttributes::size).orElse(0L);
    allowance.take(Resource.FILES, 1);
    var isMade = false;
    try {
      allowance.take(Resource.BYTES, size);
      try {
        delegate.copy(source, target, options);
        isMade = true;
      } finally {
        if (!isMade) {
          allowance.giveBack(Resource.BYTES, size);
        }
      }
    } finally {
      if (!isMade) {
        allowance.giveBack(Resource.FILES, 1);
      }
    }
    replaced.ifPresent(this::deleted);
  }

  /** Opens a channel, which counts as a descriptor until it is closed. */
  synchronized SeekableByteChannel open(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... given) throws IOException {
    allowance.take(Resource.DESCRIPTORS, 1);
    var isOpen = false;
    try {
      var channel =
          isCounted(path)
              ? openCounted(path, options, given)
              : new CountedChannel(
                  this, delegate.newByteChannel(path, options, given), false, null);
      isOpen = true;
      return channel;
    } finally {
      if (!isOpen) {
        allowance.giveBack(Resource.DESCRIPTORS, 1);
      }
    }
  }

  private SeekableByteChannel openCounted(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... given) throws IOException {
    var before = attributes(path);
    if (before.isEmpty()) {
      allowance.take(Resource.FILES, 1);
    }
    SeekableByteChannel channel;
    var isOpen = false;
    try {
      channel = delegate.newByteChannel(path, options, given);
      isOpen = true;
    } finally {
      if (!isOpen && before.isEmpty()) {
        allowance.giveBack(Resource.FILES, 1);
      }
    }
    before.ifPresent(
        file -> allowance.giveBack(Resource.BYTES, Math.max(0, file.size() - size(channel))));
    var key = attributes(path).map(BasicFileAttributes::fileKey).orElse(channel);
    var open = openFiles.computeIfAbsent(key, _ -> new OpenFile());
    open.channels++;
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      // The file is already deleted.
      open.isDeleted = true;
      allowance.giveBack(Resource.FILES, 1);
    }
    return new CountedChannel(this, channel, options.contains(StandardOpenOption.APPEND), key);
  }

  private static long size(SeekableByteChannel channel) {
    try {
      return channel.size();
    } catch (IOException _) {
      return 0;
    }
  }

  /** Records that a channel is about to be closed. */
  synchronized void closing(SeekableByteChannel channel, Object key) {
    var open = openFiles.get(key);
    if (open != null && --open.channels == 0) {
      openFiles.remove(key);
      if (open.isDeleted) {
        allowance.giveBack(Resource.BYTES, size(channel));
      }
    }
  }
}
