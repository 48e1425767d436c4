package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The function that a request on the data plane calls. The raw path decides: nothing is decoded and
 * no dot segment is resolved.
 *
 * @param rootPath the prefix that is removed from the path
 * @param pathQuery the rest of the path and the query, raw, beginning with a slash
 */
record CallTarget(FunctionKey function, String rootPath, String pathQuery) {

  private static final String BY_PATH = "/f/";
  private static final Pattern BY_HOST =
      Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.localhost(:\\d+)?");

  /** Separators of segments in any reading of a path. */
  private static final Pattern SEPARATOR = Pattern.compile("/|%2[fF]|\\\\|%5[cC]");

  private static final Pattern DOT = Pattern.compile("%2[eE]");

  /**
   * Reads {@code /f/TENANT/FUNCTION/…} or {@code FUNCTION.TENANT.localhost}.
   *
   * @return empty if the request is not for a function
   */
  static Optional<CallTarget> of(@Nullable String host, String pathQuery) {
    if (host != null && host.contains(".localhost")) {
      var byHost = BY_HOST.matcher(host);
      if (byHost.matches()) {
        return function(byHost.group(2), byHost.group(1))
            .map(function -> new CallTarget(function, "", pathQuery));
      }
    }
    if (!pathQuery.startsWith(BY_PATH)) {
      return Optional.empty();
    }
    var tenantEnd = segmentEnd(pathQuery, BY_PATH.length());
    if (tenantEnd == pathQuery.length() || pathQuery.charAt(tenantEnd) != '/') {
      return Optional.empty();
    }
    var end = segmentEnd(pathQuery, tenantEnd + 1);
    var rest = pathQuery.substring(end);
    return function(
            pathQuery.substring(BY_PATH.length(), tenantEnd),
            pathQuery.substring(tenantEnd + 1, end))
        .map(function ->
            new CallTarget(
                function, pathQuery.substring(0, end), rest.startsWith("/") ? rest : "/" + rest));
  }

  /** Returns the index of the slash or question mark that ends a segment, or the text's length. */
  private static int segmentEnd(String pathQuery, int from) {
    var at = from;
    while (at < pathQuery.length() && pathQuery.charAt(at) != '/' && pathQuery.charAt(at) != '?') {
      at++;
    }
    return at;
  }

  /**
   * Returns true if dot segments lead above the function's root in any reading of the path: encoded
   * or not, with parameters, with encoded slashes or backslashes as separators, with empty segments
   * or without.
   */
  boolean leavesFunction() {
    if (!pathQuery.contains("..")
        && (pathQuery.indexOf('%') < 0 || !DOT.matcher(pathQuery).find())) {
      return false;
    }
    var query = pathQuery.indexOf('?');
    var path = query < 0 ? pathQuery : pathQuery.substring(0, query);
    var depth = 0;
    for (var raw : SEPARATOR.split(path, -1)) {
      var parameters = raw.indexOf(';');
      var segment =
          DOT.matcher(parameters < 0 ? raw : raw.substring(0, parameters)).replaceAll(".");
      if (segment.equals("..")) {
        depth--;
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        depth++;
      }
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  private static Optional<FunctionKey> function(String tenant, String name) {
    return FunctionKey.isName(tenant) && FunctionKey.isName(name)
        ? Optional.of(new FunctionKey(tenant, name))
        : Optional.empty();
  }
}
