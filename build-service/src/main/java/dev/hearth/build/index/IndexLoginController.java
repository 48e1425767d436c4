package dev.hearth.build.index;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Endpoint {@code /indexes/{tenant}} for logins at package indexes. Only Hearth's own services may
 * call it.
 */
@RestController
@RequestMapping("/indexes/{tenant}")
class IndexLoginController {

  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]{1,4096}");

  private final IndexLogins logins;

  IndexLoginController(IndexLogins logins) {
    this.logins = logins;
  }

  /** The body of a request that sets a login. */
  record NewLogin(String username, String password) {

    @Override
    public String toString() {
      return "NewLogin[username=%s]".formatted(username);
    }
  }

  @GetMapping
  List<IndexLogins.KnownLogin> list(@PathVariable String tenant) {
    return logins.list(tenant);
  }

  @PutMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(@PathVariable String tenant, @PathVariable String host, @RequestBody NewLogin login) {
    if (!HOST.matcher(host).matches()) {
      throw invalid(
          "The index must be a host name, as in pypi.example.com, but is \"%s\".".formatted(host));
    }
    if (!WORD.matcher(login.username()).matches() || !WORD.matcher(login.password()).matches()) {
      throw invalid("User name and password must be printable ASCII without spaces.");
    }
    logins.put(tenant, host, login.username(), login.password());
  }

  @DeleteMapping("/{host}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String tenant, @PathVariable String host) {
    if (!logins.remove(tenant, host)) {
      throw new HearthException(
          ErrorCode.NOT_FOUND,
          "There is no login for " + host + ". `hearth index list` shows all.");
    }
  }

  private static HearthException invalid(String detail) {
    return new HearthException(ErrorCode.REQUEST_INVALID, detail);
  }
}
