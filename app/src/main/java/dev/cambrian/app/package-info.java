/**
 * How a person meets Cambrian: the command line, the configuration, the live progress, the reports, and the loopback
 * control through which other commands ask the process that evolves. Decides nothing about evolution.
 */
package dev.cambrian.app;
