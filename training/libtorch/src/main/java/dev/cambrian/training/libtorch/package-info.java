/** The engine of libtorch, PyTorch's library. */
package dev.cambrian.training.libtorch;
