package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureTest {
  @TempDir Path folder;

  @Test
  void rightSize_isReadAsItIs_channelsLast() throws IOException {
    Picture picture = Picture.read(png(2, 1, 0x102030, 0xff8001));
    assertTrue(picture.fits(new Shape(3, 1, 2)));
    assertArrayEquals(new byte[] {0x10, 0x20, 0x30, (byte) 0xff, (byte) 0x80, 1}, picture.pixels(new Shape(3, 1, 2)));
  }

  @Test
  void larger_isAveraged() throws IOException {
    Picture picture = Picture.read(png(2, 2, 0, 0xffffff, 0xffffff, 0));
    assertFalse(picture.fits(new Shape(3, 1, 1)));
    assertEquals("2x2", picture.size());
    for (byte value : picture.pixels(new Shape(3, 1, 1))) {
      assertEquals(127.5, value & 0xff, 1);
    }
  }

  @Test
  void oneChannel_isGrey() throws IOException {
    assertArrayEquals(new byte[] {76}, Picture.read(png(1, 1, 0xff0000)).pixels(new Shape(1, 1, 1)));
  }

  @Test
  void missing_damaged_andNoImage_areRefusedWithTheirName() throws IOException {
    Path missing = folder.resolve("missing.png");
    assertEquals("there is no image file " + missing + ".",
        assertThrows(UserError.class, () -> Picture.read(missing)).getMessage());
    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    assertTrue(assertThrows(UserError.class, () -> Picture.read(text)).getMessage().startsWith(text + " is no image"));
    Path whole = png(20, 20, new int[400]);
    Path half = Files.write(folder.resolve("half.png"), java.util.Arrays.copyOf(Files.readAllBytes(whole), 50));
    assertTrue(assertThrows(UserError.class, () -> Picture.read(half)).getMessage().contains(half.toString()));
  }

  private Path png(int width, int height, int... pixels) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, pixels, 0, width);
    Path file = folder.resolve("picture.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
