/** Many machines' kernel logs as workloads, each made when it is asked for. */
@NullMarked
package org.oomlab.fleet;

import org.jspecify.annotations.NullMarked;
