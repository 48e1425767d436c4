package dev.hearth.api.upload;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import dev.hearth.kit.transfer.HeaderLimit;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Checks an uploaded archive and writes it in canonical form: a zip of plain files with sorted
 * names and one time stamp. The same source has the same digest however it was packed, and all
 * later steps read only this safe form.
 *
 * <p>A single top folder around the project, as code hosts add it, is removed.
 */
public final class SourceArchive {

  private static final int MOST_ENTRIES = 20_000;
  private static final long LARGEST_UNPACKED = 512L << 20;

  /** Limits of file systems: characters of a path, bytes of a name. */
  private static final int LONGEST_PATH = 1024;

  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_SHOWN = 200;
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** A checked source archive. */
  public record Canonical(Path file, Digest digest, long bytes) {}

  private final Path folder;
  private final SortedMap<String, Path> files = new TreeMap<>();
  private final NavigableSet<String> namesWithoutCase = new TreeSet<>();
  private long unpacked;
  private int entries;

  private SourceArchive(Path folder) {
    this.folder = folder;
  }

  /**
   * Checks an upload and writes its canonical form beside it.
   *
   * @param scratch an empty folder
   * @throws HearthException if the upload is not an archive, holds a forbidden entry, or holds no
   *     project
   */
  public static Canonical read(Path upload, Path scratch) throws IOException {
    var archive = new SourceArchive(Files.createDirectory(scratch.resolve("files")));
    archive.collect(upload);
    archive.refuseFilesThatAreFolders();
    return archive.write(scratch.resolve("canonical.zip"));
  }

  private void collect(Path upload) throws IOException {
    try {
      switch (kind(upload)) {
        case ZIP -> readZip(upload);
        case GZIP -> readTar(upload);
        case OTHER ->
            throw new HearthException(
                ErrorCode.ARCHIVE_INVALID,
                "The body is neither a zip nor a tar.gz archive. Pack the project's folder, or use"
                    + " `hearth deploy`.");
      }
    } catch (IOException | IllegalArgumentException broken) {
      throw new HearthException(
          ErrorCode.ARCHIVE_INVALID, "The archive is damaged: " + broken.getMessage(), broken);
    }
  }

  private enum Kind {
    ZIP,
    GZIP,
    OTHER
  }

  private static Kind kind(Path upload) throws IOException {
    try (var in = Files.newInputStream(upload)) {
      var start = in.readNBytes(4);
      if (start.length == 4 && start[0] == 'P' && start[1] == 'K') {
        return Kind.ZIP;
      }
      return start.length > 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b
          ? Kind.GZIP
          : Kind.OTHER;
    }
  }

  private void readZip(Path upload) throws IOException {
    try (var zip = ZipFile.builder().setPath(upload).get()) {
      for (var listed = zip.getEntries(); listed.hasMoreElements(); ) {
        ZipArchiveEntry entry = listed.nextElement();
        var type = entry.getUnixMode() & 0170000;
        if (entry.isUnixSymlink() || (type != 0 && type != 0100000 && type != 0040000)) {
          throw unsafe(entry, "is a link or a device");
        }
        var crc = new CRC32();
        try (var content = new CheckedInputStream(zip.getInputStream(entry), crc)) {
          add(entry, content);
        }
        // This also finds overlapping entries, whose bytes belong to another entry.
        if (!entry.isDirectory() && entry.getCrc() != -1 && entry.getCrc() != crc.getValue()) {
          throw new IOException("the checksum of " + entry.getName() + " does not match");
        }
      }
    }
  }

  private void readTar(Path upload) throws IOException {
    try (var bytes =
            new HeaderLimit(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(upload))));
        var tar = new TarArchiveInputStream(bytes)) {
      for (var entry = next(tar, bytes); entry != null; entry = next(tar, bytes)) {
        if (!entry.isDirectory() && !isPlainFile(entry)) {
          throw unsafe(entry, "is a link or a device");
        }
        add(entry, tar);
      }
      if (entries == 0) {
        throw new IOException("there is no tar inside the gzip");
      }
    }
  }

  private static TarArchiveEntry next(TarArchiveInputStream tar, HeaderLimit bytes)
      throws IOException {
    bytes.header();
    var entry = tar.getNextEntry();
    bytes.content();
    return entry;
  }

  private static boolean isPlainFile(TarArchiveEntry entry) {
    var type = entry.getLinkFlag();
    return (type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM) && !entry.isSparse();
  }

  private void add(ArchiveEntry entry, InputStream content) throws IOException {
    if (++entries > MOST_ENTRIES) {
      throw new HearthException(
          ErrorCode.ARCHIVE_TOO_LARGE,
          "The archive has more than %d entries.".formatted(MOST_ENTRIES));
    }
    check(entry, entry.getName());
    if (entry.isDirectory()) {
      return;
    }
    var name = Path.of(entry.getName()).normalize().toString();
    if (name.isEmpty() || name.length() > LONGEST_PATH || isTooLong(name)) {
      throw unsafe(entry, "has no name, or one that is too long for a file");
    }
    if (!namesWithoutCase.add(name.toLowerCase(Locale.ROOT))) {
      throw unsafe(entry, "comes twice, perhaps in different case");
    }
    var file = folder.resolve(String.valueOf(entries));
    unpacked += copy(content, file, LARGEST_UNPACKED - unpacked);
    files.put(name, file);
  }

  private static boolean isTooLong(String path) {
    return Stream.of(path.split("/"))
        .anyMatch(name -> name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME);
  }

  private void refuseFilesThatAreFolders() {
    for (var name : namesWithoutCase) {
      var below = namesWithoutCase.higher(name + "/");
      if (below != null && below.startsWith(name + "/")) {
        throw new HearthException(
            ErrorCode.ARCHIVE_UNSAFE,
            "\"%s\" is a file, but \"%s\" needs a folder of that name. Rename one of them."
                .formatted(shown(name), shown(below)));
      }
    }
  }

  private static void check(ArchiveEntry entry, String name) {
    if (name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf('\0') >= 0
        || (name.length() > 1 && name.charAt(1) == ':')) {
      throw unsafe(entry, "has an absolute name or one with a backslash");
    }
    for (var part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw unsafe(entry, "leaves the archive");
      }
    }
  }

  private static HearthException unsafe(ArchiveEntry entry, String what) {
    return new HearthException(
        ErrorCode.ARCHIVE_UNSAFE,
        "The entry \"%s\" %s. Pack plain files with names relative to the project."
            .formatted(shown(entry.getName()), what));
  }

  /** Shortens a name for a message. */
  private static String shown(String name) {
    var text = name.replaceAll("\\p{Cntrl}", "?");
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }

  private static long copy(InputStream in, Path file, long limit) throws IOException {
    var buffer = new byte[64 * 1024];
    long copied = 0;
    try (var out = Files.newOutputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        copied += read;
        if (copied > limit) {
          throw new HearthException(
              ErrorCode.ARCHIVE_TOO_LARGE,
              "The archive unpacks to more than %d MiB.".formatted(LARGEST_UNPACKED >> 20));
        }
        out.write(buffer, 0, read);
      }
    }
    return copied;
  }

  private Canonical write(Path target) throws IOException {
    var prefix = prefix();
    try (var zip = new ZipOutputStream(Files.newOutputStream(target))) {
      for (var file : files.entrySet()) {
        var entry = new ZipEntry(file.getKey().substring(prefix.length()));
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
        Files.copy(file.getValue(), zip);
        zip.closeEntry();
      }
    }
    return new Canonical(target, Digests.of(target), Files.size(target));
  }

  /** Returns the single top folder that holds the project, or an empty string. */
  private String prefix() throws IOException {
    if (isProject("")) {
      return "";
    }
    var first = files.isEmpty() ? "" : files.firstKey();
    var slash = first.indexOf('/');
    if (slash > 0) {
      var candidate = first.substring(0, slash + 1);
      if (isProject(candidate)
          && files.keySet().stream().allMatch(name -> name.startsWith(candidate))) {
        return candidate;
      }
    }
    throw new HearthException(
        ErrorCode.PROJECT_INVALID,
        "There is no pyproject.toml at the top of the archive. Add one with a [project] table, as"
            + " `uv init` makes it; a requirements.txt, or one script with a `# /// script` block"
            + " (`uv init --script`), will do as well.");
  }

  private boolean isProject(String prefix) throws IOException {
    if (files.containsKey(prefix + "pyproject.toml")
        || files.containsKey(prefix + "requirements.txt")) {
      return true;
    }
    var scripts =
        files.entrySet().stream()
            .filter(file -> file.getKey().startsWith(prefix))
            .filter(file -> file.getKey().indexOf('/', prefix.length()) < 0)
            .filter(file -> file.getKey().endsWith(".py"))
            .toList();
    return scripts.size() == 1
        && new String(Files.readAllBytes(scripts.getFirst().getValue()), StandardCharsets.UTF_8)
            .contains("# /// script");
  }
}
