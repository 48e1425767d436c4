/** Walls inside a host process: files, system calls and the way to the network. */
@NullMarked
package dev.hearth.host.isolation;

import org.jspecify.annotations.NullMarked;
