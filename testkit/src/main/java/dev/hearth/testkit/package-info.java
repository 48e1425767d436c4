/** Fakes that stand for the network, other processes and time in the tests of every module. */
@NullMarked
package dev.hearth.testkit;

import org.jspecify.annotations.NullMarked;
