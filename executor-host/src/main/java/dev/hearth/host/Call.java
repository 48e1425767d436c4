package dev.hearth.host;

import java.nio.charset.StandardCharsets;

/**
 * One call for an instance. Text is Latin-1, as HTTP has it.
 *
 * @param path raw, without {@code rootPath}
 * @param headers {@code name\0value\0…}
 * @param isEvent whether the body is an event for a handler, not an HTTP body
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Call(
    String method,
    String path,
    String query,
    String headers,
    byte[] body,
    String rootPath,
    String client,
    String scheme,
    String invocation,
    boolean isEvent) {

  String bodyAsLatin1() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  String bodyAsUtf8() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
