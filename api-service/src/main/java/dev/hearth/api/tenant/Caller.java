package dev.hearth.api.tenant;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;

/**
 * The tenant that a request of the control API comes from; controllers take it as a parameter.
 *
 * @param isOperator whether it is the tenant that exists from the start, whose key the operator has
 */
public record Caller(String tenant, boolean isOperator) {

  /**
   * Refuses everybody else.
   *
   * @throws HearthException {@link ErrorCode#FORBIDDEN}
   */
  public void requireOperator() {
    if (!isOperator) {
      throw new HearthException(
          ErrorCode.FORBIDDEN, "This concerns all tenants, so it takes the operator's API key.");
    }
  }
}
