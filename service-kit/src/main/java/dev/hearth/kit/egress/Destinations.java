package dev.hearth.kit.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The hosts that a client of the proxy may connect to. */
@FunctionalInterface
public interface Destinations {

  /**
   * Returns the addresses of a host that the client may connect to. The connection must go to one
   * of them, so that a name that later resolves to another address cannot evade the check.
   *
   * @param host a name or an address; an IPv6 address may have brackets
   * @throws DestinationRefusedException if the client may not connect to the host
   * @throws java.net.UnknownHostException if the name does not resolve
   */
  List<InetAddress> resolve(String host) throws IOException;

  /** Admits all hosts. */
  static Destinations all() {
    return host -> List.of(InetAddress.getAllByName(host));
  }

  /** Admits public addresses only: no loopback, private or link-local address. */
  static Destinations outside() {
    return host -> {
      var addresses = all().resolve(host);
      if (addresses.stream().anyMatch(Destinations::isPrivate)) {
        throw new DestinationRefusedException(host);
      }
      return addresses;
    };
  }

  /** Admits only these hosts, at any address; other names are not resolved. */
  static Destinations only(Set<String> hosts) {
    var known = Set.copyOf(hosts);
    return host -> {
      if (!known.contains(host.toLowerCase(Locale.ROOT))) {
        throw new DestinationRefusedException(host);
      }
      return all().resolve(host);
    };
  }

  /** Admits the union of two sets of destinations. */
  default Destinations or(Destinations others) {
    return host -> {
      try {
        return resolve(host);
      } catch (DestinationRefusedException _) {
        return others.resolve(host);
      }
    };
  }

  /**
   * Restricts these destinations to certain names; other names are not resolved.
   *
   * @param names host names in lower case; {@code *.example.org} matches every name below it
   */
  default Destinations named(Collection<String> names) {
    var known = List.copyOf(names);
    return host -> {
      var asked = host.toLowerCase(Locale.ROOT);
      if (known.stream().noneMatch(name -> isNamed(name, asked))) {
        throw new DestinationRefusedException(host);
      }
      return resolve(host);
    };
  }

  private static boolean isNamed(String name, String host) {
    return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
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

  /**
   * Returns true if an IPv6 address embeds an IPv4 address: NAT64 (RFC 6052) or 6to4 (RFC 3056).
   */
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
