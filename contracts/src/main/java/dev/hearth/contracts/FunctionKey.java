package dev.hearth.contracts;

import java.util.regex.Pattern;

/**
 * Identifies a function by its tenant and name. Both are DNS labels, because {@code
 * function.tenant.localhost} is a host name.
 *
 * @param tenant the tenant's name
 * @param function the function's name
 */
public record FunctionKey(String tenant, String function) {

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  public FunctionKey {
    if (!isName(tenant)) {
      throw new IllegalArgumentException(
          "not a tenant name (a DNS label of at most 63 characters): " + tenant);
    }
    if (!isName(function)) {
      throw new IllegalArgumentException(
          "not a function name (a DNS label of at most 63 characters): " + function);
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
