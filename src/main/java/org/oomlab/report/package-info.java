/**
 * Results made readable, for people and for programs: tables, CSV, JSON, Markdown, logs.
 *
 * <p>It may use {@code experiment} and what lies below, and decides nothing: a number that is
 * printed was computed before it came here. Reports go to whatever stream they are given. To write
 * JSON and CSV it uses Jackson's generators, token by token, never its data binding.
 */
@NullMarked
package org.oomlab.report;

import org.jspecify.annotations.NullMarked;
