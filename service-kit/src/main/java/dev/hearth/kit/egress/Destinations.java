package dev.hearth.kit.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where a client of the proxy may connect to. */
@FunctionalInterface
public interface Destinations {

  /**
   * Whether these addresses, which the host's name stands for now, may be connected to. The
   * connection then goes to one of them, so a name that means another address later is no way
   * around.
   */
  boolean admit(String host, List<InetAddress> addresses);

  /** Everything but our own network: no loopback, private or link-local address. */
  static Destinations outside() {
    return (_, addresses) -> addresses.stream().noneMatch(Destinations::isPrivate);
  }

  /** These hosts only, wherever they are. */
  static Destinations only(Set<String> hosts) {
    var known = Set.copyOf(hosts);
    return (host, _) -> known.contains(host.toLowerCase(Locale.ROOT));
  }

  /** These, and the others. */
  default Destinations or(Destinations others) {
    return (host, addresses) -> admit(host, addresses) || others.admit(host, addresses);
  }

  /** The addresses of a name; IPv6 ones may stand in brackets. */
  static List<InetAddress> addresses(String host) throws UnknownHostException {
    return List.of(InetAddress.getAllByName(host));
  }

  private static boolean isPrivate(InetAddress address) {
    var bytes = address.getAddress();
    var first = bytes[0] & 0xff;
    var second = bytes[1] & 0xff;
    var isUniqueLocal = bytes.length == 16 && (first & 0xfe) == 0xfc;
    var isShared = bytes.length == 4 && first == 100 && (second & 0xc0) == 64;
    var isThisNetwork = bytes.length == 4 && first == 0;
    return address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || isUniqueLocal
        || isShared
        || isThisNetwork
        || isTranslated(bytes);
  }

  /** IPv6 addresses that carry an IPv4 one: NAT64 (RFC 6052) and 6to4 (RFC 3056). */
  private static boolean isTranslated(byte[] bytes) {
    if (bytes.length != 16) {
      return false;
    }
    var isNat64 =
        bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
    var is6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    return isNat64 || is6to4;
  }
}
