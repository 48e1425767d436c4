package dev.hearth.build.index;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.encrypt.AesGcmBytesEncryptor;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.stereotype.Component;

/**
 * Repository of logins at package indexes. Passwords are encrypted with AES-GCM, because a copy of
 * the database may leak. uv reads logins from a netrc file, so each login is sent to its own host
 * only, whatever a project calls its indexes. No login appears in arguments, locks or logs.
 */
@Component
public final class IndexLogins {

  private final JdbcClient jdbc;
  private final IndexSettings settings;

  IndexLogins(JdbcClient jdbc, IndexSettings settings) {
    this.jdbc = jdbc;
    this.settings = settings;
    encryptOld();
  }

  private record OldLogin(String tenant, String host, String password) {}

  /** Encrypts passwords that were stored in plain text before migration V6. */
  private void encryptOld() {
    var old =
        jdbc.sql("SELECT tenant, host, password FROM index_login WHERE salt = ''")
            .query((row, _) ->
                new OldLogin(
                    row.getString("tenant"), row.getString("host"), row.getString("password")))
            .list();
    for (var login : old) {
      var salt = KeyGenerators.string().generateKey();
      jdbc.sql(
              """
              UPDATE index_login SET password = :password, salt = :salt
              WHERE tenant = :tenant AND host = :host AND salt = ''
              """)
          .param("tenant", login.tenant())
          .param("host", login.host())
          .param("password", encrypted(login.password(), salt))
          .param("salt", salt)
          .update();
    }
  }

  private AesGcmBytesEncryptor encryptor(String salt) {
    return AesGcmBytesEncryptor.withPassword(settings.key(), salt).build();
  }

  private record Login(String host, String username, String password) {

    String line() {
      return "machine %s login %s password %s%n".formatted(host, username, password);
    }
  }

  /** A tenant's login at a host, without the password. */
  record KnownLogin(String host, String username) {}

  void put(String tenant, String host, String username, String password) {
    var salt = KeyGenerators.string().generateKey();
    jdbc.sql(
            """
            INSERT INTO index_login (tenant, host, username, password, salt)
            VALUES (:tenant, :host, :username, :password, :salt)
            ON CONFLICT (tenant, host) DO UPDATE
               SET username = EXCLUDED.username, password = EXCLUDED.password,
                   salt = EXCLUDED.salt, changed_at = now()
            """)
        .param("tenant", tenant)
        .param("host", host)
        .param("username", username)
        .param("password", encrypted(password, salt))
        .param("salt", salt)
        .update();
  }

  /** Removes a login; returns false if there was none. */
  boolean remove(String tenant, String host) {
    return jdbc.sql("DELETE FROM index_login WHERE tenant = :tenant AND host = :host")
            .param("tenant", tenant)
            .param("host", host)
            .update()
        == 1;
  }

  List<KnownLogin> list(String tenant) {
    return jdbc.sql("SELECT host, username FROM index_login WHERE tenant = :tenant ORDER BY host")
        .param("tenant", tenant)
        .query((row, _) -> new KnownLogin(row.getString("host"), row.getString("username")))
        .list();
  }

  private String encrypted(String password, String salt) {
    return HexFormat.of()
        .formatHex(encryptor(salt).encrypt(password.getBytes(StandardCharsets.US_ASCII)));
  }

  private String password(String host, String encrypted, String salt) {
    try {
      return new String(
          encryptor(salt).decrypt(HexFormat.of().parseHex(encrypted)), StandardCharsets.US_ASCII);
    } catch (IllegalStateException | IllegalArgumentException unreadable) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "The login for %s can no longer be read, because the platform's key has changed. Log in again: `hearth index login %s`."
              .formatted(host, host));
    }
  }

  /**
   * Writes the tenant's logins into a netrc file that only this user may read; returns nothing if
   * the tenant has none.
   */
  public Optional<Path> writeNetrc(String tenant, Path file) throws IOException {
    var logins =
        jdbc.sql("SELECT host, username, password, salt FROM index_login WHERE tenant = :tenant")
            .param("tenant", tenant)
            .query((row, _) -> {
              var host = row.getString("host");
              var password = password(host, row.getString("password"), row.getString("salt"));
              return new Login(host, row.getString("username"), password);
            })
            .list();
    if (logins.isEmpty()) {
      return Optional.empty();
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, logins.stream().map(Login::line).collect(Collectors.joining()));
    return Optional.of(file);
  }
}
