#pragma once

#include "floatrun/call.hpp"

namespace ezkl::floatrun {

/// Kernel, strides, dilations and padding of a convolution or pool, an entry for each spatial axis, auto_pad resolved.
struct Windows {
  Ints input, kernel, strides, dilations, begins, ends;
  Ints output;  ///< extents of the result

  std::size_t rank() const { return kernel.size(); }
  /// [batch, channels, output…]
  Shape result(std::size_t batch, std::size_t channels) const;
};

/// Reads a node's attributes over an input [N, C, spatial…]. `kernel` overrides the attribute kernel_shape where it is
/// not empty. errors: Fault::format when they contradict each other or the input.
Windows windows_of(const Call& c, const Shape& input, Ints kernel);

/// The attribute group of a convolution. errors: Fault::format out of bounds.
std::size_t groups_of(const Call& c);
/// The spatial extents of weights [M, C/group, kernel…]. errors: Fault::format without any.
Ints kernel_extents(const Call& c, const Tensor& weights);

/// x [N, C, spatial…] convolved with weights [M, C/group, kernel…], in doubles; bias may be null.
std::vector<double> convolve(const Call& c, const Windows& w, const std::vector<double>& x, std::size_t batch,
                             const std::vector<double>& weights, const Shape& weight_shape, std::size_t groups,
                             const std::vector<double>* bias);
/// The same as the node's attributes say it, both operands floats; of x's type.
Tensor convolved(const Call& c, const Tensor& x, const Tensor& weights, const std::vector<double>* bias);

/// out += a · b for a [m, k] and b [k, n].
void add_product(std::size_t m, std::size_t k, std::size_t n, const double* a, const double* b, double* out);

}  // namespace ezkl::floatrun
