package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.from_blob;

import dev.cambrian.training.Images;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The images that lie in GPUs' memory: trainings that use the same images on one device at the same time share one
 * copy, which is freed when the last of them gives it back.
 */
final class GpuImages {
  private final Map<Place, Copy> copies = new HashMap<>();

  /** Images by identity: comparing them would read them all. */
  private record Place(Images images, String device) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Place that && images == that.images && device.equals(that.device);
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(images) + device.hashCode();
    }
  }

  /** One copy and how many use it. */
  private static final class Copy {
    private final Tensor pixels;
    private int users;

    private Copy(Images images, LibtorchDevice device) {
      long places = (long) images.count() * images.height() * images.width();
      try (PointerScope scope = new PointerScope()) {
        pixels = device.copied(from_blob(new BytePointer(images.pixels()), new long[] {places, images.channels()},
            new TensorOptions(ScalarType.Byte)));
        // It outlives the scope: whoever uses it last frees it.
        pixels.retainReference();
      }
    }
  }

  /** The pixels of all images, bytes, {@code [count * height * width, channels]}, to be given back. */
  synchronized Tensor borrow(Images images, LibtorchDevice device) {
    Copy copy = copies.computeIfAbsent(new Place(images, device.word()), place -> new Copy(images, device));
    copy.users++;
    return copy.pixels;
  }

  /** The end of one use. */
  synchronized void giveBack(Images images, LibtorchDevice device) {
    Place place = new Place(images, device.word());
    Copy copy = copies.get(place);
    copy.users--;
    if (copy.users == 0) {
      copies.remove(place);
      copy.pixels.releaseReference();
    }
  }
}
