/** The engine of Deeplearning4j: networks as its computation graphs, on the CPU or on CUDA. */
package dev.cambrian.training.dl4j;
