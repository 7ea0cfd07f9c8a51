package dev.cambrian.training;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * One image file, decoded: red, green and blue of each pixel, row by row. Grey becomes three equal channels of the grey
 * that is in the file, and what is transparent becomes black.
 *
 * @param pixels {@code height * width * 3} bytes
 */
record ColourImage(int width, int height, byte[] pixels) {
  static final int CHANNELS = 3;

  static ColourImage read(Path file) throws BadData {
    BufferedImage image = decode(file);
    int width = image.getWidth();
    int height = image.getHeight();
    // Drawn, not asked for with getRGB: that takes grey for linear light and brightens it.
    BufferedImage drawn = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = drawn.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    int[] colours = drawn.getRGB(0, 0, width, height, null, 0, width);
    byte[] pixels = new byte[colours.length * CHANNELS];
    for (int i = 0; i < colours.length; i++) {
      pixels[CHANNELS * i] = (byte) (colours[i] >> 16);
      pixels[CHANNELS * i + 1] = (byte) (colours[i] >> 8);
      pixels[CHANNELS * i + 2] = (byte) colours[i];
    }
    return new ColourImage(width, height, pixels);
  }

  private static BufferedImage decode(Path file) throws BadData {
    if (!Files.isReadable(file)) {
      throw new BadData(file + " cannot be read: no permission, or no such file");
    }
    try (ImageInputStream input = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw new BadData(file + " is no image that can be read: PNG, JPEG, GIF and BMP are");
      }
      return decode(file, readers.next(), input);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Decoders throw all sorts at damaged files.
      throw new BadData(file + " cannot be read as an image: " + e.getMessage(), e);
    }
  }

  private static BufferedImage decode(Path file, ImageReader reader, ImageInputStream input)
      throws IOException, BadData {
    try {
      // The JPEG decoder fills in for what is missing of a file that was cut off, and only warns.
      AtomicBoolean cutOff = new AtomicBoolean();
      reader.addIIOReadWarningListener((source, warning) -> {
        if (warning.contains("Truncated") || warning.contains("premature end")) {
          cutOff.set(true);
        }
      });
      reader.setInput(input, true, true);
      BufferedImage image = reader.read(0);
      if (cutOff.get()) {
        throw new BadData(file + " is cut off in the middle of the image: fetch it again");
      }
      return image;
    } finally {
      reader.dispose();
    }
  }
}
