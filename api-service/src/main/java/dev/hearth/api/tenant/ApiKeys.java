package dev.hearth.api.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Checks API keys. Only their digests are stored; keys are random, so plain SHA-256 is enough. */
@Component
public class ApiKeys implements SmartLifecycle {

  private static final String SCHEME = "bearer ";

  private final JdbcClient jdbc;
  private final TenantSettings settings;

  /** Cache of tenants by the key's digest, so that invocations need not query the database. */
  private final Cache<String, Optional<String>> known =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(30)).build();

  private volatile boolean running;

  ApiKeys(JdbcClient jdbc, TenantSettings settings) {
    this.jdbc = jdbc;
    this.settings = settings;
  }

  /** Creates the operator's tenant, or replaces its key. */
  @Override
  public void start() {
    jdbc.sql(
            """
            INSERT INTO tenant (name, key_sha256) VALUES (:name, :digest)
            ON CONFLICT (name) DO UPDATE SET key_sha256 = :digest
            """)
        .param("name", settings.name())
        .param("digest", digest(settings.key()))
        .update();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Returns the sender of an {@code Authorization} header.
   *
   * @throws HearthException {@link ErrorCode#UNAUTHENTICATED}
   */
  Caller caller(@Nullable String authorization) {
    var tenant = tenant(authorization);
    return new Caller(tenant, tenant.equals(settings.name()));
  }

  /**
   * Returns the tenant whose key an {@code Authorization} header holds.
   *
   * @throws HearthException {@link ErrorCode#UNAUTHENTICATED}
   */
  public String tenant(@Nullable String authorization) {
    if (authorization == null) {
      throw new HearthException(
          ErrorCode.UNAUTHENTICATED, "Send the API key: Authorization: Bearer KEY.");
    }
    return find(authorization)
        .orElseThrow(() ->
            new HearthException(
                ErrorCode.UNAUTHENTICATED,
                "The API key is unknown. `up` writes the right one to DATA/api-key."));
  }

  private Optional<String> find(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return known.get(digest(authorization.substring(SCHEME.length()).strip()), this::lookUp);
  }

  private Optional<String> lookUp(String digest) {
    return jdbc.sql("SELECT name FROM tenant WHERE key_sha256 = :digest")
        .param("digest", digest)
        .query((row, _) -> row.getString("name"))
        .optional();
  }

  private static String digest(String key) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
