package dev.hearth.contracts;

/**
 * Identifies a function by its tenant and name. Both are DNS labels, because {@code
 * function.tenant.localhost} is a host name.
 *
 * @param tenant the tenant's name
 * @param function the function's name
 */
public record FunctionKey(String tenant, String function) {

  private static final int LONGEST = 63;

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
    var length = text.length();
    if (length == 0
        || length > LONGEST
        || text.charAt(0) == '-'
        || text.charAt(length - 1) == '-') {
      return false;
    }
    // A loop instead of a pattern: every call of a function comes here.
    for (int i = 0; i < length; i++) {
      if (!isPart(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPart(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  }

  @Override
  public String toString() {
    return tenant + "/" + function;
  }
}
