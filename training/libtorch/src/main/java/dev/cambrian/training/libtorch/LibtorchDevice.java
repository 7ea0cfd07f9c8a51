package dev.cambrian.training.libtorch;

import dev.cambrian.training.Engine;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Where a training's tensors lie. Lives as long as the {@code PointerScope} that it is made in. */
final class LibtorchDevice {
  private final String word;
  private final Device device;
  private final TensorOptions singles;

  /** @param word the engine's, e.g. {@code "cpu"} or {@code "cuda:0"} */
  LibtorchDevice(String word) {
    this.word = word;
    device = new Device(word);
    singles = new TensorOptions(ScalarType.Float).device(new DeviceOptional(device));
  }

  /** The engine's word for it. */
  String word() {
    return word;
  }

  boolean gpu() {
    return !word.equals(Engine.CPU);
  }

  /** Single precision, on it. */
  TensorOptions singles() {
    return singles;
  }

  /** A tensor of the processor's memory on it: itself, where it is the processor. */
  Tensor here(Tensor tensor) {
    return gpu() ? copied(tensor) : tensor;
  }

  /** A copy of a tensor, on it. */
  Tensor copied(Tensor tensor) {
    return tensor.to(device, tensor.scalar_type(), false, true, new MemoryFormatOptional());
  }
}
