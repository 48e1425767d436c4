package dev.hearth.api.tenant;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;

/**
 * The tenant that a request of the control API comes from; controllers take it as a parameter.
 *
 * @param isOperator true for the operator's tenant, which exists from the first start
 */
public record Caller(String tenant, boolean isOperator) {

  /**
   * Refuses all callers but the operator.
   *
   * @throws HearthException {@link ErrorCode#FORBIDDEN}
   */
  public void requireOperator() {
    if (!isOperator) {
      throw new HearthException(
          ErrorCode.FORBIDDEN,
          "This changes the platform for all tenants. Use the operator's API key.");
    }
  }
}
