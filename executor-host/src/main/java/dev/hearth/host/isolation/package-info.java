/** Walls inside a host process: visible files, system calls, and egress to the network. */
@NullMarked
package dev.hearth.host.isolation;

import org.jspecify.annotations.NullMarked;
