package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request on the data plane is meant for.
 *
 * @param rootPath the prefix that is taken off
 * @param pathQuery what is left: path and query, raw, beginning with a slash
 */
record CallTarget(FunctionKey function, String rootPath, String pathQuery) {

  private static final Pattern BY_PATH = Pattern.compile("(/f/([^/?]+)/([^/?]+))(?=[/?]|$)(.*)");
  private static final Pattern BY_HOST =
      Pattern.compile("([a-z0-9-]+)\\.([a-z0-9-]+)\\.localhost(:\\d+)?");

  /**
   * Reads {@code /f/TENANT/FUNCTION/…} or {@code FUNCTION.TENANT.localhost}.
   *
   * @return nothing when the request is not for a function
   */
  static Optional<CallTarget> of(@Nullable String host, String pathQuery) {
    if (host != null) {
      var byHost = BY_HOST.matcher(host);
      if (byHost.matches()) {
        return function(byHost.group(2), byHost.group(1))
            .map(function -> new CallTarget(function, "", pathQuery));
      }
    }
    var byPath = BY_PATH.matcher(pathQuery);
    if (!byPath.matches()) {
      return Optional.empty();
    }
    var rest = byPath.group(4);
    var path = rest.startsWith("/") ? rest : "/" + rest;
    return function(byPath.group(2), byPath.group(3))
        .map(function -> new CallTarget(function, byPath.group(1), path));
  }

  private static Optional<FunctionKey> function(String tenant, String name) {
    return FunctionKey.isName(tenant) && FunctionKey.isName(name)
        ? Optional.of(new FunctionKey(tenant, name))
        : Optional.empty();
  }
}
