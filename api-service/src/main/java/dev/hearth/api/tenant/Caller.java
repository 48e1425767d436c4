package dev.hearth.api.tenant;

/** The tenant that a request of the control API comes from; controllers take it as a parameter. */
public record Caller(String tenant) {}
