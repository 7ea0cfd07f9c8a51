package dev.cambrian.model;

import java.util.Objects;

/**
 * A connection in a {@link Dna}: a convolution or an identity (Real17, supplement). Parameters that are integers in
 * the network are floating point here, so that small mutations accumulate until rounding shows them. An identity has a
 * depth factor of 1 and zeros for filter and stride.
 *
 * @param id unique among the vertices and edges of a lineage
 * @param source the vertex that it leaves
 * @param target the vertex that it enters
 * @param depthFactor output channels relative to input channels, above 0
 * @param filterHalfWidth the filter is {@code 2 * filterHalfWidth + 1} wide, so always odd; at least 0
 * @param filterHalfHeight the filter is {@code 2 * filterHalfHeight + 1} high; at least 0
 * @param strideScale the stride is {@code 2 ^ strideScale}; at least 0
 * @param depthPrecedence where edges that enter one vertex disagree in channels, the highest decides
 * @param scalePrecedence where edges that enter one vertex disagree in height and width, the highest decides
 */
public record Edge(
    int id,
    int source,
    int target,
    Type type,
    double depthFactor,
    double filterHalfWidth,
    double filterHalfHeight,
    double strideScale,
    double depthPrecedence,
    double scalePrecedence) {

  /** The precedence of the backbone's edges; skips stay below it. */
  public static final double BACKBONE = 1;

  /** No image is so large that a longer stride would matter, and the stride stays an int. */
  private static final int LONGEST_STRIDE = 30;

  /** More than any network may ask for, and twice it is still a long. */
  private static final long LARGEST_HALF = 1L << 40;

  /** What an edge does. */
  public enum Type {
    CONV,
    IDENTITY
  }

  public Edge {
    Objects.requireNonNull(type, "an edge needs a type");
    require(depthFactor > 0 && Double.isFinite(depthFactor), id, "depthFactor", "above 0", depthFactor);
    requireNotNegative(id, "filterHalfWidth", filterHalfWidth);
    requireNotNegative(id, "filterHalfHeight", filterHalfHeight);
    requireNotNegative(id, "strideScale", strideScale);
    require(Double.isFinite(depthPrecedence), id, "depthPrecedence", "finite", depthPrecedence);
    require(Double.isFinite(scalePrecedence), id, "scalePrecedence", "finite", scalePrecedence);
    if (type == Type.IDENTITY
        && (depthFactor != 1 || filterHalfWidth != 0 || filterHalfHeight != 0 || strideScale != 0)) {
      throw new IllegalArgumentException("edge " + id + " is an identity, so its depthFactor must be 1 and its "
          + "filterHalfWidth, filterHalfHeight and strideScale 0");
    }
  }

  private static void requireNotNegative(int id, String field, double value) {
    require(value >= 0 && Double.isFinite(value), id, field, "0 or more", value);
  }

  private static void require(boolean holds, int id, String field, String rule, double value) {
    if (!holds) {
      throw new IllegalArgumentException("the " + field + " of edge " + id + " must be " + rule + ", not " + value);
    }
  }

  /** A new 3x3 convolution of the backbone that keeps the number of channels. */
  public static Edge convolution(int id, int source, int target, double strideScale) {
    return new Edge(id, source, target, Type.CONV, 1, 1, 1, strideScale, BACKBONE, BACKBONE);
  }

  /** An identity of some precedence. */
  public static Edge identity(int id, int source, int target, double depthPrecedence, double scalePrecedence) {
    return new Edge(id, source, target, Type.IDENTITY, 1, 0, 0, 0, depthPrecedence, scalePrecedence);
  }

  /** An identity of the backbone. */
  public static Edge identity(int id, int source, int target) {
    return identity(id, source, target, BACKBONE, BACKBONE);
  }

  /** The width of the filter: odd. */
  public long filterWidth() {
    return size(filterHalfWidth);
  }

  /** The height of the filter: odd. */
  public long filterHeight() {
    return size(filterHalfHeight);
  }

  private static long size(double half) {
    return 2 * Math.min(LARGEST_HALF, Math.round(half)) + 1;
  }

  /** The stride: a power of 2. */
  public int stride() {
    return 1 << Math.min(LONGEST_STRIDE, Math.round(strideScale));
  }

  /** The same edge, leaving another vertex. */
  public Edge withSource(int source) {
    return new Edge(id, source, target, type, depthFactor, filterHalfWidth, filterHalfHeight, strideScale,
        depthPrecedence, scalePrecedence);
  }

  /** The same edge with another depth factor. */
  public Edge withDepthFactor(double depthFactor) {
    return new Edge(id, source, target, type, depthFactor, filterHalfWidth, filterHalfHeight, strideScale,
        depthPrecedence, scalePrecedence);
  }

  /** The same edge with another filter width. */
  public Edge withFilterHalfWidth(double filterHalfWidth) {
    return new Edge(id, source, target, type, depthFactor, filterHalfWidth, filterHalfHeight, strideScale,
        depthPrecedence, scalePrecedence);
  }

  /** The same edge with another filter height. */
  public Edge withFilterHalfHeight(double filterHalfHeight) {
    return new Edge(id, source, target, type, depthFactor, filterHalfWidth, filterHalfHeight, strideScale,
        depthPrecedence, scalePrecedence);
  }

  /** The same edge with another stride. */
  public Edge withStrideScale(double strideScale) {
    return new Edge(id, source, target, type, depthFactor, filterHalfWidth, filterHalfHeight, strideScale,
        depthPrecedence, scalePrecedence);
  }
}
