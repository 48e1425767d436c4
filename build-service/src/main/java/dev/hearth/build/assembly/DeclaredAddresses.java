package dev.hearth.build.assembly;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The addresses that a project's declarations and locks name. uv goes where they lead, so a tenant
 * that is not trusted may not lead it into our own network. A name that means another address
 * later, and an index that redirects, are not caught here.
 */
final class DeclaredAddresses {

  private static final Pattern HOST =
      Pattern.compile(
          "(?i)(?:https?|git|ssh)://(?:[^\\s/@\"']*@)?(\\[[0-9a-f:.]+\\]|[^\\s/:@\"'\\]]+)");

  private DeclaredAddresses() {}

  /**
   * Refuses declarations that lead to private addresses.
   *
   * @param files the project's declarations and locks
   */
  static void refusePrivate(List<Path> files) throws IOException {
    var hosts = new TreeSet<String>();
    for (var file : files) {
      var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      HOST.matcher(text).results().forEach(found -> hosts.add(found.group(1)));
    }
    for (var host : hosts) {
      if (isPrivate(host)) {
        throw new HearthException(
            ErrorCode.PROJECT_INVALID,
            "The project takes packages from %s, which is an address of our own network. Name an index that is reachable from outside, or ask the operator."
                .formatted(host));
      }
    }
  }

  private static boolean isPrivate(String host) {
    try {
      for (var address : InetAddress.getAllByName(host)) {
        var first = address.getAddress()[0] & 0xff;
        var isUniqueLocal = address.getAddress().length == 16 && (first & 0xfe) == 0xfc;
        if (address.isLoopbackAddress()
            || address.isAnyLocalAddress()
            || address.isLinkLocalAddress()
            || address.isSiteLocalAddress()
            || isUniqueLocal) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException _) {
      // uv will say so.
      return false;
    }
  }
}
