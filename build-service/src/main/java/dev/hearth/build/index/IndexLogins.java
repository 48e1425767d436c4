package dev.hearth.build.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The table of logins. uv reads them from a netrc file, so each goes to its own host and to no
 * other, whatever a project calls its indexes; nothing of them is in arguments, locks or logs.
 */
@Component
public class IndexLogins {

  private final JdbcClient jdbc;

  IndexLogins(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Login(String host, String username, String password) {

    String line() {
      return "machine %s login %s password %s%n".formatted(host, username, password);
    }
  }

  /** Who a tenant is at a host; the password is never shown. */
  record KnownLogin(String host, String username) {}

  void put(String tenant, String host, String username, String password) {
    jdbc.sql(
            """
            INSERT INTO index_login (tenant, host, username, password)
            VALUES (:tenant, :host, :username, :password)
            ON CONFLICT (tenant, host) DO UPDATE
               SET username = EXCLUDED.username, password = EXCLUDED.password, changed_at = now()
            """)
        .param("tenant", tenant)
        .param("host", host)
        .param("username", username)
        .param("password", password)
        .update();
  }

  /** Whether there was one. */
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

  /**
   * Writes the tenant's logins into a netrc file that only we may read; nothing when it has none.
   */
  public Optional<Path> writeNetrc(String tenant, Path file) throws IOException {
    var logins =
        jdbc.sql("SELECT host, username, password FROM index_login WHERE tenant = :tenant")
            .param("tenant", tenant)
            .query((row, _) ->
                new Login(
                    row.getString("host"), row.getString("username"), row.getString("password")))
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
