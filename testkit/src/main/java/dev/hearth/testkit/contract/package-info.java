/** Contract tests: what every implementation of a protocol of Hearth's must pass. */
@NullMarked
package dev.hearth.testkit.contract;

import org.jspecify.annotations.NullMarked;
