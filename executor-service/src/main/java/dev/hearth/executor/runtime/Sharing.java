package dev.hearth.executor.runtime;

/** Ways in which instances share host processes. Instances of two tenants never share one. */
public enum Sharing {
  /** Instances of a tenant share hosts; the interpreter keeps them apart as well. */
  TENANT,
  /** Instances of a tenant with native code share hosts; only the process contains them. */
  TENANT_NATIVE,
  /** Each instance has a host of its own. */
  OWN_PROCESS
}
