#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "floatrun/call.hpp"

namespace ezkl::floatrun {

/// A node's outputs in order. Made of tensors, it moves them: a vector made of a list in braces would copy each.
struct Outputs {
  std::vector<Tensor> list;

  Outputs(std::vector<Tensor> tensors) : list(std::move(tensors)) {}  // NOLINT(google-explicit-constructor)
  template <std::same_as<Tensor>... Tensors>
  Outputs(Tensor first, Tensors... others) {  // NOLINT(google-explicit-constructor)
    list.reserve(1 + sizeof...(others));
    list.push_back(std::move(first));
    (list.push_back(std::move(others)), ...);
  }
};

/// Computes a node's outputs; ones at the end that nobody asks for may be left out. Elements are brought to
/// what their type holds afterwards, so a kernel may compute in doubles and in 64 bits.
using Kernel = Outputs (*)(const Call&);
/// The same for operators that hand on tensors of others.
using SharedKernel = std::vector<TensorPtr> (*)(const Call&);

/// One line of the kernel table.
struct KernelEntry {
  std::string_view domain, op_type;
  Kernel run = nullptr;
  SharedKernel run_shared = nullptr;
};

/// The kernel of an operator, null when there is none.
const KernelEntry* find_kernel(std::string_view domain, std::string_view op_type);

// The kernels by family; each function lives in the file of its name in kernels/.
std::span<const KernelEntry> activation_kernels();
std::span<const KernelEntry> attention_kernels();
std::span<const KernelEntry> constant_kernels();
std::span<const KernelEntry> control_kernels();
std::span<const KernelEntry> convolution_kernels();
std::span<const KernelEntry> elementwise_kernels();
std::span<const KernelEntry> gather_kernels();
std::span<const KernelEntry> linear_kernels();
std::span<const KernelEntry> logic_kernels();
std::span<const KernelEntry> loss_kernels();
std::span<const KernelEntry> ml_kernels();
std::span<const KernelEntry> microsoft_kernels();
std::span<const KernelEntry> movement_kernels();
std::span<const KernelEntry> normalization_kernels();
std::span<const KernelEntry> pooling_kernels();
std::span<const KernelEntry> quantized_kernels();
std::span<const KernelEntry> recurrent_kernels();
std::span<const KernelEntry> reduction_kernels();
std::span<const KernelEntry> resize_kernels();
std::span<const KernelEntry> sampling_kernels();
std::span<const KernelEntry> scatter_kernels();
std::span<const KernelEntry> signal_kernels();
std::span<const KernelEntry> sorting_kernels();
std::span<const KernelEntry> svm_kernels();
std::span<const KernelEntry> tree_kernels();

}  // namespace ezkl::floatrun
