package dev.hearth.contracts;

import java.util.LinkedHashMap;
import java.util.Map;

/** An RFC 9457 problem, for the places that answer without Spring. */
public record Problem(ErrorCode code, String detail, String instance) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** The members in the order in which they are written. */
  public Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("type", "about:blank");
    members.put("title", code.title());
    members.put("status", code.status());
    members.put("detail", detail);
    members.put("instance", instance);
    members.put("code", code.code());
    return members;
  }
}
