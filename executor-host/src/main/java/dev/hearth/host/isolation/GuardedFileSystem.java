package dev.hearth.host.isolation;

import dev.hearth.host.isolation.Allowance.Resource;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.graalvm.polyglot.io.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * Shows an interpreter only some files: Python's home and the platform's packages, the instance's
 * own folders (read-only), and its temporary folder, which is also {@code /tmp}. Links cannot be
 * created, and a path is checked by the real path that it leads to.
 */
public final class GuardedFileSystem implements FileSystem {

  private static final Path TEMPORARY = Path.of("/tmp");
  private static final Path NULL = Path.of("/dev/null");

  /** Reasons that GraalPy maps to {@code EROFS} and {@code EPERM}. */
  private static final String READ_ONLY = "Read-only file system";

  private static final String NOT_PERMITTED = "Operation not permitted";

  /** Block size that {@code statvfs} reports. */
  private static final long BLOCK_BYTES = 4096;

  private final FileSystem delegate = FileSystem.newDefaultFileSystem();
  private final List<Path> base;
  private volatile List<Path> readable;
  private volatile List<Path> writable = List.of();
  private volatile Path current = Path.of("/");
  private volatile CountedFiles counted =
      new CountedFiles(delegate, TEMPORARY, Allowance.unlimited());

  public GuardedFileSystem(Path... base) {
    this.base = List.of(base).stream().map(GuardedFileSystem::real).toList();
    this.readable = this.base;
  }

  /**
   * Shows an instance's folders, and patchelf to instances with native modules.
   *
   * @param allowance counts the files of the temporary folder and all open files
   */
  public void show(InstanceFolders folders, Allowance allowance) {
    var all = new ArrayList<>(base);
    folders.readable().stream().map(GuardedFileSystem::real).forEach(all::add);
    if (folders.copies().isPresent()) {
      all.addAll(patchelf());
    }
    readable = List.copyOf(all);
    writable = folders.writable().stream().map(GuardedFileSystem::real).toList();
    counted = new CountedFiles(delegate, folders.temporary(), allowance);
    current = real(folders.current());
  }

  /** Returns the paths where GraalPy looks for patchelf, which it runs to copy native modules. */
  private static List<Path> patchelf() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
        .map(folder -> real(Path.of(folder, "patchelf")))
        .toList();
  }

  static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path.toAbsolutePath().normalize();
    }
  }

  private Path resolve(Path path) {
    var absolute = current.resolve(path).normalize();
    var isTemporary =
        absolute.startsWith(TEMPORARY)
            && !writable.isEmpty()
            && (absolute.equals(TEMPORARY)
                || readable.stream().noneMatch(root -> overlap(root, absolute)));
    return isTemporary
        ? writable.getFirst().resolve(TEMPORARY.relativize(absolute)).normalize()
        : absolute;
  }

  private static boolean overlap(Path one, Path other) {
    return one.startsWith(other) || other.startsWith(one);
  }

  /** Resolves a path to the real path of its nearest existing ancestor, and the rest. */
  private static Path destination(Path absolute) {
    for (Path parent = absolute; parent != null; parent = parent.getParent()) {
      if (Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
        try {
          return parent.toRealPath().resolve(parent.relativize(absolute)).normalize();
        } catch (IOException _) {
          return absolute;
        }
      }
    }
    return absolute;
  }

  private static boolean within(Path path, List<Path> roots) {
    return roots.stream().anyMatch(path::startsWith);
  }

  private Path toRead(Path path) throws IOException {
    var absolute = resolve(path);
    if (absolute.equals(NULL)) {
      return absolute;
    }
    if (!within(destination(absolute), readable)) {
      throw new NoSuchFileException(absolute.toString());
    }
    return absolute;
  }

  private Path toWrite(Path path) throws FileSystemException {
    var absolute = resolve(path);
    if (!within(destination(absolute), writable)) {
      throw new FileSystemException(path.toString(), null, READ_ONLY);
    }
    return absolute;
  }

  @Override
  public Path parsePath(URI uri) {
    return delegate.parsePath(uri);
  }

  @Override
  public Path parsePath(String path) {
    return delegate.parsePath(path);
  }

  @Override
  public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options)
      throws IOException {
    var absolute = resolve(path);
    // Ancestors of visible folders exist, so that code can walk to them from the root.
    if (modes.isEmpty() && readable.stream().anyMatch(root -> root.startsWith(absolute))) {
      return;
    }
    if (modes.contains(AccessMode.WRITE) && !absolute.equals(NULL)) {
      toWrite(path);
    }
    delegate.checkAccess(toRead(path), modes, options);
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
    counted.createDirectory(toWrite(dir), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    counted.delete(toWrite(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    var reads =
        options.stream()
            .allMatch(option -> option == StandardOpenOption.READ || option instanceof LinkOption);
    var isReadable = reads || resolve(path).equals(NULL);
    return counted.open(isReadable ? toRead(path) : toWrite(path), options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return delegate.newDirectoryStream(toRead(dir), filter);
  }

  @Override
  public Path toAbsolutePath(Path path) {
    return resolve(path);
  }

  @Override
  public Path toRealPath(Path path, LinkOption... options) throws IOException {
    return delegate.toRealPath(toRead(path), options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    var absolute = resolve(path);
    if (readable.stream().anyMatch(root -> root.startsWith(absolute))) {
      return delegate.readAttributes(absolute, attributes, options);
    }
    return delegate.readAttributes(toRead(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    delegate.setAttribute(toWrite(path), attribute, value, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    counted.copy(toRead(source), toWrite(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    counted.move(toWrite(source), toWrite(target), options);
  }

  @Override
  public void createLink(Path link, Path existing) throws FileSystemException {
    throw new FileSystemException(link.toString(), null, NOT_PERMITTED);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws FileSystemException {
    throw new FileSystemException(link.toString(), null, NOT_PERMITTED);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return delegate.readSymbolicLink(toRead(link));
  }

  @Override
  public void setCurrentWorkingDirectory(Path directory) {
    current = resolve(directory);
  }

  @Override
  public @Nullable String getMimeType(Path path) {
    return null;
  }

  @Override
  public Path getTempDirectory() {
    return writable.isEmpty() ? TEMPORARY : writable.getFirst();
  }

  @Override
  public long getFileStoreTotalSpace(Path path) throws IOException {
    toRead(path);
    return counted.allowance().limit(Resource.BYTES);
  }

  @Override
  public long getFileStoreUsableSpace(Path path) throws IOException {
    toRead(path);
    return counted.allowance().left(Resource.BYTES);
  }

  @Override
  public long getFileStoreUnallocatedSpace(Path path) throws IOException {
    return getFileStoreUsableSpace(path);
  }

  @Override
  public long getFileStoreBlockSize(Path path) throws IOException {
    toRead(path);
    return BLOCK_BYTES;
  }

  @Override
  public boolean isFileStoreReadOnly(Path path) throws IOException {
    return !within(destination(toRead(path)), writable);
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public String getPathSeparator() {
    return ":";
  }
}
