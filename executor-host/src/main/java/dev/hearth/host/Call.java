package dev.hearth.host;

/**
 * One call for an instance. Text is Latin-1, as HTTP has it.
 *
 * @param path raw, without {@code rootPath}
 * @param headers {@code name\0value\0…}
 * @param body all of it when it is whole, else nothing: the exchange has it
 * @param isEvent whether the body is an event for a handler, not an HTTP body
 */
record Call(
    String method,
    String path,
    String query,
    String headers,
    String body,
    boolean isWhole,
    String rootPath,
    String client,
    String scheme,
    String invocation,
    boolean isEvent) {}
