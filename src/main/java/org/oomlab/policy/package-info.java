/**
 * What is up for debate: every knob of the OOM killer, and a policy as one value for each.
 *
 * <p>A policy is data. It may use {@code unit} and nothing else: how a knob changes what happens is
 * written in the mechanism that reads it, and how a policy is written in a file is known to {@code
 * yaml}. No policy, not even that of a released kernel, is named in code.
 */
@NullMarked
package org.oomlab.policy;

import org.jspecify.annotations.NullMarked;
