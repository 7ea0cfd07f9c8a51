package dev.cambrian.app;

import dev.cambrian.model.Shape;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** An image file as it was decoded. */
record Picture(BufferedImage image) {

  /**
   * Decodes a file.
   *
   * @throws UserError where it is missing or no image
   */
  static Picture read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw UserError.failed("there is no image file " + file + ".");
    }
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image != null) {
        return new Picture(image);
      }
    } catch (IOException | RuntimeException e) {
      // Decoders throw all sorts at damaged files.
      throw UserError.failed("the image " + file + " cannot be read: it is damaged, or not allowed to be read.", e);
    }
    throw UserError.failed(file + " is no image that can be read: PNG, JPEG, GIF and BMP are.");
  }

  /** Whether it needs no scaling for a network's input. */
  boolean fits(Shape input) {
    return image.getWidth() == input.width() && image.getHeight() == input.height();
  }

  /** Its width and height, as people write them. */
  String size() {
    return image.getWidth() + "x" + image.getHeight();
  }

  /** Its pixels for a network's input, channels last: scaled where needed, and grey where the input has one channel. */
  byte[] pixels(Shape input) {
    boolean grey = input.channels() == 1;
    BufferedImage scaled = new BufferedImage(input.width(), input.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    // Each pixel of a smaller image is the mean of those that it covers.
    graphics.drawImage(
        fits(input) ? image : image.getScaledInstance(input.width(), input.height(), Image.SCALE_AREA_AVERAGING),
        0, 0, null);
    graphics.dispose();
    byte[] pixels = new byte[(int) input.size()];
    int at = 0;
    for (int y = 0; y < input.height(); y++) {
      for (int x = 0; x < input.width(); x++) {
        int rgb = scaled.getRGB(x, y);
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        if (grey) {
          pixels[at++] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
        } else {
          pixels[at++] = (byte) red;
          pixels[at++] = (byte) green;
          pixels[at++] = (byte) blue;
        }
      }
    }
    return pixels;
  }
}
