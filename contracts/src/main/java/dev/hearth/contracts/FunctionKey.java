package dev.hearth.contracts;

import java.util.regex.Pattern;

/**
 * A function, named within its tenant. Both names are DNS labels, because {@code
 * function.tenant.localhost} is a host name.
 *
 * @param tenant the tenant's name
 * @param function the function's name
 */
public record FunctionKey(String tenant, String function) {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public FunctionKey {
    if (!isName(tenant)) {
      throw new IllegalArgumentException("not a tenant name: " + tenant);
    }
    if (!isName(function)) {
      throw new IllegalArgumentException("not a function name: " + function);
    }
  }

  /** Returns true for a DNS label: 1–63 lower-case letters, digits and inner hyphens. */
  public static boolean isName(String text) {
    return LABEL.matcher(text).matches();
  }

  @Override
  public String toString() {
    return tenant + "/" + function;
  }
}
