package dev.hearth.build.uv;

import dev.hearth.build.lock.Lock;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The environment variables of uv: some of the operator's, and those of the build. Nothing else of
 * this service's environment reaches uv. A package's metadata can make uv expand a variable with an
 * upper-case name in an address ({@code ${NAME}}) and so send out its value. Logins for indexes are
 * therefore kept in a netrc file, and proxies in variables with lower-case names.
 */
public final class UvEnvironment {

  /**
   * The operator's variables that are passed on to uv: indexes, proxies and certificates. Logins of
   * named indexes are excluded, because a project could give that name to an index of its own.
   */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "UV_NO_INDEX",
          "UV_OFFLINE",
          "UV_EXCLUDE_NEWER",
          "UV_INSECURE_HOST",
          "UV_NATIVE_TLS",
          "UV_SYSTEM_CERTS",
          "UV_HTTP_TIMEOUT",
          "UV_HTTP_CONNECT_TIMEOUT",
          "UV_HTTP_RETRIES",
          "UV_CONCURRENT_DOWNLOADS",
          "UV_CONCURRENT_INSTALLS",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR");

  private static final Set<String> INDEXES =
      Set.of("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_FIND_LINKS");

  private static final Set<String> PROXIES = Set.of("http_proxy", "https_proxy", "no_proxy");

  /** uv's default index unless the operator replaces it. */
  private static final String PUBLIC_INDEX = "https://pypi.org/simple";

  private static final Pattern LOGIN =
      Pattern.compile("://(?<login>[^@/\\s,]+)@(?<host>[^/\\s,:]*)");

  /** Text that needs no quotes in a netrc file. */
  private static final Pattern PLAIN = Pattern.compile("[!-~&&[^\"'#\\\\]]*");

  private final Map<String, String> variables;

  /** The operator's logins by host, encoded as in addresses. */
  private final Map<String, String> logins;

  /** Replacements that hide logins and paths in uv's output, longest match first. */
  private final List<Map.Entry<String, String>> hidden;

  private UvEnvironment(
      Map<String, String> variables,
      Map<String, String> logins,
      Stream<Map.Entry<String, String>> hidden) {
    this.variables = Map.copyOf(variables);
    this.logins = Collections.unmodifiableMap(new TreeMap<>(logins));
    this.hidden =
        hidden.sorted(Comparator.comparingInt(entry -> -entry.getKey().length())).toList();
  }

  /**
   * Selects uv's variables from this service's environment.
   *
   * @throws IllegalStateException if an index's login cannot be used
   */
  public static UvEnvironment of(Map<String, String> inherited) {
    var passed = new HashMap<>(inherited);
    passed.keySet().retainAll(PASSED_ON);
    var logins = new TreeMap<String, String>();
    for (var name : INDEXES) {
      var value = inherited.getOrDefault(name, "");
      LOGIN.matcher(value).results().forEach(found -> logins.put(found.group(2), found.group(1)));
      if (!value.isEmpty()) {
        passed.put(name, LOGIN.matcher(value).replaceAll("://${host}"));
      }
    }
    for (var proxy : PROXIES) {
      Stream.of(proxy, proxy.toUpperCase(Locale.ROOT))
          .map(name -> inherited.getOrDefault(name, ""))
          .filter(value -> !value.isEmpty())
          .findFirst()
          .ifPresent(value -> passed.put(proxy, value));
    }
    passed.putIfAbsent("PATH", "/usr/bin:/bin");
    passed.put("LANG", "C.UTF-8");
    // Keeps uv from fetching Git repositories from addresses that a project names.
    passed.put("GIT_ALLOW_PROTOCOL", "none");
    logins.forEach(UvEnvironment::netrcLine);
    return new UvEnvironment(passed, logins, secrets(passed, logins));
  }

  private static Stream<Map.Entry<String, String>> secrets(
      Map<String, String> variables, Map<String, String> logins) {
    var inProxies =
        variables.values().stream()
            .flatMap(value -> LOGIN.matcher(value).results())
            .map(found -> found.group(1));
    return Stream.concat(inProxies, logins.values().stream()).map(login -> Map.entry(login, "…"));
  }

  private static String netrcLine(String host, String login) {
    var parts = login.split(":", 2);
    var user = decoded(parts[0]);
    var password = parts.length == 1 ? "" : decoded(parts[1]);
    if (!PLAIN.matcher(user + password).matches()) {
      throw new IllegalStateException(
          "The login for %s in uv's variables has a blank, a quote, # or \\ in it, which a netrc file cannot hold. Choose another password."
              .formatted(host));
    }
    return "machine %s login %s password %s\n"
        .formatted(host, user, password.isEmpty() ? "\"\"" : password);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * Writes a netrc file with the tenant's logins and, for other hosts, the operator's; returns
   * nothing if there are none.
   *
   * @param tenants netrc file with the tenant's logins
   * @param file netrc file to write
   */
  public Optional<Path> netrc(Optional<Path> tenants, Path file) throws IOException {
    if (logins.isEmpty()) {
      return tenants;
    }
    var text = new StringBuilder();
    if (tenants.isPresent()) {
      text.append(Files.readString(tenants.get()));
    }
    var own = text.toString();
    logins.forEach((host, login) -> {
      if (!own.contains("machine " + host + " ")) {
        text.append(netrcLine(host, login));
      }
    });
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Optional.of(Files.writeString(file, text));
  }

  /**
   * Returns the environment of one build.
   *
   * @param home an empty home folder
   * @param cache the tenant's cache
   * @param credentials netrc file with one login for each host
   * @param way access to the egress proxy, if uv must use it
   * @param folders whose paths are hidden in uv's output
   */
  public UvEnvironment forBuild(
      Path home,
      Path cache,
      Optional<Path> credentials,
      Optional<UvEgress.Way> way,
      List<Path> folders) {
    var all = new HashMap<>(variables);
    all.put("HOME", home.toString());
    all.put("UV_CACHE_DIR", cache.toString());
    // Keeps uv from using a virtual environment in the upload.
    all.put("UV_PROJECT_ENVIRONMENT", home.resolve("environment").toString());
    credentials.ifPresent(file -> all.put("NETRC", file.toString()));
    way.ifPresent(known -> all.putAll(known.environment()));
    var places =
        folders.stream()
            .flatMap(folder ->
                Stream.of(Map.entry(folder + "/", ""), Map.entry(folder.toString(), ".")));
    return new UvEnvironment(all, logins, Stream.concat(secrets(all, logins), places));
  }

  /** Returns the variables by name. */
  public Map<String, String> variables() {
    return variables;
  }

  /** Returns the files and folders that the variables name. */
  public List<Path> files() {
    return Stream.of("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_FIND_LINKS")
        .map(name -> variables.getOrDefault(name, ""))
        .flatMap(value -> Stream.of(value.split("[,\\s]")))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /**
   * Hides logins and paths in uv's output, because projects and indexes can make uv print its
   * environment.
   */
  String shown(String said) {
    var shown = said;
    for (var entry : hidden) {
      shown = shown.replace(entry.getKey(), entry.getValue());
    }
    return shown;
  }

  /**
   * Returns the default index if its files can be downloaded directly: if uv is online and needs
   * neither a proxy nor a login.
   */
  public Optional<String> openIndex() {
    var index = Lock.comparable(defaultIndex());
    var others = Set.of("http_proxy", "https_proxy", "UV_OFFLINE", "UV_NO_INDEX");
    var isOpen =
        variables.keySet().stream().noneMatch(others::contains)
            && logins.keySet().stream().noneMatch(host -> index.contains("://" + host));
    return Optional.of(index).filter(_ -> isOpen);
  }

  /**
   * Returns arguments that make uv use one index alone, or none if that is its default. A login in
   * the address is removed, because the process list would show it; uv finds it in the netrc file
   * or in its environment.
   *
   * @param index the index's address from a lock, or empty
   */
  List<String> only(String index) {
    var open = withoutLogin(index);
    var isDefault =
        Stream.of(PUBLIC_INDEX, defaultIndex())
            .map(UvEnvironment::withoutLogin)
            .anyMatch(open::equals);
    return open.isEmpty() || isDefault ? List.of() : List.of("--default-index", open);
  }

  private static String withoutLogin(String index) {
    return index.replaceFirst("//[^@/]*@", "//");
  }

  private String defaultIndex() {
    return variables.getOrDefault(
        "UV_DEFAULT_INDEX", variables.getOrDefault("UV_INDEX_URL", PUBLIC_INDEX));
  }
}
