/**
 * Episodes on an Apache Spark cluster: {@code spark-submit oomlab.jar sweep ...}. Nothing else may
 * use this package, and nothing of it is loaded by a command that spark-submit did not start.
 */
@NullMarked
package org.oomlab.spark;

import org.jspecify.annotations.NullMarked;
