/**
 * The history as tables: spine and biographies in an in-memory DuckDB, to be asked in SQL. The tables and their columns
 * are documented in docs/queries.md, and stay.
 */
package dev.cambrian.persistence.history;
