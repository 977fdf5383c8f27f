// Fourier transforms and mel weights.
#include <cmath>

#include "floatrun/indexing.hpp"
#include "floatrun/kernels.hpp"

namespace ezkl::floatrun {
namespace {

struct Complex {
  double re = 0, im = 0;
};

/// Σ x[n] · e^(∓2πi·n·k/size)
Complex fourier(const std::vector<Complex>& x, std::size_t k, std::size_t size, bool inverse) {
  Complex sum;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double angle = 2 * M_PI * static_cast<double>(n * k % size) / static_cast<double>(size);
    const double c = std::cos(angle), s = inverse ? std::sin(angle) : -std::sin(angle);
    sum.re += x[n].re * c - x[n].im * s;
    sum.im += x[n].re * s + x[n].im * c;
  }
  return sum;
}

Outputs dft(const Call& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 2 && x.real() && (x.shape.back() == 1 || x.shape.back() == 2),
            "the last axis should hold real, or real and imaginary parts");
  Int wanted = c.opset() < 20 ? c.integer("axis", 1) : -2;
  if (c.opset() >= 20 && c.has_input(2)) wanted = c.int_scalar(2);
  const std::size_t axis = c.axis(wanted, x.rank());
  c.require(axis + 1 < x.rank(), "axis is the last one");
  const bool inverse = c.integer("inverse", 0) != 0, onesided = c.integer("onesided", 0) != 0;
  const bool to_real = inverse && onesided;
  const std::size_t extent = x.shape[axis], parts = x.shape.back();
  const Int natural = to_real ? 2 * (static_cast<Int>(extent) - 1) : static_cast<Int>(extent);
  const Int length = c.has_input(1) ? c.int_scalar(1) : natural;
  c.require(length > 0 && length < (Int{1} << 31), "dft_length is out of bounds");
  const auto size = static_cast<std::size_t>(length);
  const std::size_t count = onesided && !inverse ? size / 2 + 1 : size, parts_out = to_real ? 1 : 2;
  Shape shape = x.shape;
  shape[axis] = count;
  shape.back() = parts_out;
  Tensor out = c.make(x.type, shape);
  Lines lines = lines_of(x.shape, axis);
  const std::size_t inner = lines.inner / parts;
  c.spend(static_cast<std::uint64_t>(lines.outer * inner) * size * count);
  for (std::size_t line = 0; line < lines.outer * inner; ++line) {
    std::vector<Complex> signal(size);
    for (std::size_t n = 0; n < std::min(size, extent); ++n) {
      const std::size_t at = ((line / inner * extent + n) * inner + line % inner) * parts;
      signal[n] = {x.reals()[at], parts == 2 ? x.reals()[at + 1] : 0};
    }
    if (to_real) {
      for (std::size_t n = size / 2 + 1; n < size; ++n) signal[n] = {signal[size - n].re, -signal[size - n].im};
    }
    for (std::size_t k = 0; k < count; ++k) {
      Complex v = fourier(signal, k, size, inverse);
      const double by = inverse ? static_cast<double>(size) : 1;
      const std::size_t to = ((line / inner * count + k) * inner + line % inner) * parts_out;
      out.reals()[to] = v.re / by;
      if (parts_out == 2) out.reals()[to + 1] = v.im / by;
    }
  }
  return {std::move(out)};
}

Outputs stft(const Call& c) {
  const Tensor& x = c.in(0);
  c.require((x.rank() == 3 || x.rank() == 2) && x.real(), "the signal should be floats of three axes");
  const std::size_t batch = x.shape[0], samples = x.shape[1], parts = x.rank() == 2 ? 1 : x.shape[2];
  const Int step = c.int_scalar(1);
  Int length = c.has_input(2) ? static_cast<Int>(c.in(2).size()) : static_cast<Int>(samples);
  if (c.has_input(3)) length = c.int_scalar(3);
  c.require(step > 0 && length > 0 && length <= static_cast<Int>(samples) && (parts == 1 || parts == 2),
            "frame length or step is out of bounds");
  c.require(!c.has_input(2) || static_cast<Int>(c.in(2).size()) == length, "the window does not fit the frame");
  const auto size = static_cast<std::size_t>(length);
  const std::size_t frames = (samples - size) / static_cast<std::size_t>(step) + 1;
  const std::size_t count = c.integer("onesided", 1) != 0 ? size / 2 + 1 : size;
  Tensor out = c.make(x.type, Shape{batch, frames, count, 2});
  c.spend(static_cast<std::uint64_t>(batch) * frames * size * count);
  for (std::size_t i = 0; i < batch * frames; ++i) {
    std::vector<Complex> frame(size);
    for (std::size_t n = 0; n < size; ++n) {
      const std::size_t at = (i / frames * samples + i % frames * static_cast<std::size_t>(step) + n) * parts;
      const double weight = c.has_input(2) ? c.reals(2)[n] : 1;
      frame[n] = {x.reals()[at] * weight, parts == 2 ? x.reals()[at + 1] * weight : 0};
    }
    for (std::size_t k = 0; k < count; ++k) {
      const Complex v = fourier(frame, k, size, false);
      out.reals()[(i * count + k) * 2] = v.re;
      out.reals()[(i * count + k) * 2 + 1] = v.im;
    }
  }
  return {std::move(out)};
}

/// Triangles over the bins of a spectrum, evenly spaced on the mel scale.
Outputs mel_weights(const Call& c) {
  const Int bands = c.int_scalar(0), length = c.int_scalar(1), rate = c.int_scalar(2);
  constexpr Int most = Int{1} << 24;
  c.require(bands > 0 && bands < most && length > 0 && length < most && rate > 0, "a size is out of bounds");
  const Int bins = length / 2 + 1;
  const auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  const double low = mel(c.real_scalar(3)), high = mel(c.real_scalar(4));
  Ints edges;
  for (Int i = 0; i < bands + 2; ++i) {
    const double at = low + static_cast<double>(i) * (high - low) / static_cast<double>(bands + 2);
    const double hertz = 700 * (std::pow(10.0, at / 2595) - 1);
    const double edge = std::floor(static_cast<double>(length + 1) * hertz / static_cast<double>(rate));
    c.require(edge >= 0 && edge < static_cast<double>(bins), "the edges do not lie within half the sample rate");
    edges.push_back(static_cast<Int>(edge));
  }
  Tensor out = c.make(c.element_type("output_datatype", DType::f32), Ints{bins, bands});
  for (Int i = 0; i < bands; ++i) {
    const Int left = edges[i], centre = edges[i + 1], right = edges[i + 2];
    const auto set = [&](Int bin, double value) { out.set(static_cast<std::size_t>(bin * bands + i), value); };
    set(centre, 1);
    c.spend(static_cast<std::uint64_t>(std::max<Int>(0, right - left)));
    for (Int j = left; j < centre; ++j) set(j, static_cast<double>(j - left) / static_cast<double>(centre - left));
    for (Int j = centre; j < right; ++j) set(j, static_cast<double>(right - j) / static_cast<double>(right - centre));
  }
  return {std::move(out)};
}

constexpr KernelEntry entries[] = {
    {"", "DFT", dft},
    {"", "MelWeightMatrix", mel_weights},
    {"", "STFT", stft},
};

}  // namespace

std::span<const KernelEntry> signal_kernels() { return entries; }

}  // namespace ezkl::floatrun
