/** Contract tests that every implementation of one of Hearth's protocols must pass. */
@NullMarked
package dev.hearth.testkit.contract;

import org.jspecify.annotations.NullMarked;
