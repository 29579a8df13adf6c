/**
 * What a real machine said of itself, as a workload: kernel logs with OOM reports, and /proc.
 *
 * <p>A log passes through stages, each of which knows one thing only. {@link
 * org.oomlab.intake.LineSource} turns bytes into lines and is the only one to see most of them;
 * {@link org.oomlab.intake.Prefix} takes away what loggers put before the kernel's words; {@link
 * org.oomlab.intake.Unwrapper} mends lines that mail programs have broken; {@link
 * org.oomlab.intake.OomLog} says where a report begins and ends; {@link
 * org.oomlab.intake.ReportParser} reads the facts of one. An {@link org.oomlab.intake.OomReport}
 * holds only what was printed. {@link org.oomlab.intake.ReportedSituation} makes a workload of it,
 * and says in comments what it had to assume.
 *
 * <p>It may use {@code workload} and what that stands on, and no YAML: whoever calls writes the
 * document. It simulates nothing.
 */
@NullMarked
package org.oomlab.intake;

import org.jspecify.annotations.NullMarked;
