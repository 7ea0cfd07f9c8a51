/** The eleven mutations of Real17, one class each, and the table that names them. */
package dev.cambrian.model.mutation;
