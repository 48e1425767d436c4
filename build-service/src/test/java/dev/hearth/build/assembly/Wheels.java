package dev.hearth.build.assembly;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Creates wheels and source distributions in memory. */
final class Wheels {

  private Wheels() {}

  /** Returns a wheel with one module that is named like the project. */
  static byte[] wheel(String name, String version, String code) {
    return wheel(name, version, Map.of(name + ".py", code), "");
  }

  /**
   * Returns a wheel.
   *
   * @param content files by path
   * @param requires one dependency, or empty
   */
  static byte[] wheel(String name, String version, Map<String, String> content, String requires) {
    var info = name + "-" + version + ".dist-info";
    var files = new LinkedHashMap<>(content);
    files.put(
        info + "/METADATA",
        "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s"
            .formatted(
                name, version, requires.isEmpty() ? "" : "Requires-Dist: " + requires + "\n"));
    files.put(
        info + "/WHEEL",
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    var record = new StringBuilder();
    files.forEach((path, text) ->
        record.append("%s,sha256=%s,%d\n".formatted(path, hash(text), text.length())));
    files.put(info + "/RECORD", record + info + "/RECORD,,\n");
    return zip(files);
  }

  private static String hash(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(bytes(text)));
  }

  static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException failed) {
      throw new IllegalStateException(failed);
    }
  }

  static byte[] zip(Map<String, String> files) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(bytes(file.getValue()));
        zip.closeEntry();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return bytes.toByteArray();
  }

  /** Returns the files of a zip by path. */
  static Map<String, String> unzip(byte[] zipped) {
    var files = new LinkedHashMap<String, String>();
    try (var zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
