package dev.hearth.build.uv;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The variables that uv runs with: what the operator set for it, and what is a build's own. Nothing
 * else of this service's environment reaches uv.
 */
final class UvEnvironment {

  /**
   * Passed on to uv: where indexes, proxies and certificates are is the operator's to say. Logins
   * of named indexes are not among them: a project could give that name to an index of its own.
   */
  private static final Set<String> PASSED_ON =
      Set.of(
          "PATH",
          "UV_DEFAULT_INDEX",
          "UV_INDEX_URL",
          "UV_EXTRA_INDEX_URL",
          "UV_INDEX",
          "UV_FIND_LINKS",
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
          "SSL_CERT_DIR",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy");

  /** uv's own default, which an operator may have put another one in the place of. */
  private static final String PUBLIC_INDEX = "https://pypi.org/simple";

  private static final Pattern LOGIN = Pattern.compile("//([^@/\\s]+)@");

  private final Map<String, String> variables;

  /** In the addresses that the operator gave uv. */
  private final List<String> logins;

  private UvEnvironment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
    this.logins =
        variables.values().stream()
            .flatMap(value -> LOGIN.matcher(value).results())
            .map(found -> found.group(1))
            .toList();
  }

  /** What of our environment is uv's. */
  static UvEnvironment of(Map<String, String> inherited) {
    var passed = new HashMap<>(inherited);
    passed.keySet().retainAll(PASSED_ON);
    passed.putIfAbsent("PATH", "/usr/bin:/bin");
    passed.put("LANG", "C.UTF-8");
    // uv would fetch a dependency's repository, from wherever the project says.
    passed.put("GIT_ALLOW_PROTOCOL", "none");
    return new UvEnvironment(passed);
  }

  /**
   * For one build.
   *
   * @param home a folder that is nobody's
   * @param cache the tenant's
   * @param credentials a netrc file: each login is for one host
   * @param way how it gets out, when not freely
   */
  UvEnvironment forBuild(
      Path home, Path cache, Optional<Path> credentials, Optional<UvEgress.Way> way) {
    var all = new HashMap<>(variables);
    all.put("HOME", home.toString());
    all.put("UV_CACHE_DIR", cache.toString());
    // An environment in the upload is nobody's here.
    all.put("UV_PROJECT_ENVIRONMENT", home.resolve("environment").toString());
    credentials.ifPresent(file -> all.put("NETRC", file.toString()));
    way.ifPresent(known -> all.putAll(known.environment()));
    return new UvEnvironment(all);
  }

  /** By name. */
  Map<String, String> variables() {
    return variables;
  }

  /** Files and folders that are named to uv. */
  List<Path> files() {
    return Stream.of("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_FIND_LINKS")
        .map(name -> variables.getOrDefault(name, ""))
        .flatMap(value -> Stream.of(value.split("[,\\s]")))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .toList();
  }

  /** A line of uv's as users may read it: projects and indexes can have uv say what is in here. */
  String withoutLogins(String line) {
    var shown = line;
    for (var login : logins) {
      shown = shown.replace(login, "…");
    }
    return shown;
  }

  /**
   * The index that uv takes packages from by default, where its files are simply there: no proxy,
   * no login, not forbidden.
   */
  Optional<String> openIndex() {
    var others = Set.of("http_proxy", "https_proxy", "uv_offline", "uv_no_index");
    var isOpen =
        variables.keySet().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .noneMatch(others::contains);
    return Optional.of(defaultIndex()).map(Lock::comparable).filter(_ -> isOpen);
  }

  /**
   * What has uv look at one index alone; nothing where that is its default. A login in the address
   * is left out: it would be seen in the list of processes, and the netrc or uv's environment has
   * it.
   *
   * @param index its address, as a lock names it, or empty
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
